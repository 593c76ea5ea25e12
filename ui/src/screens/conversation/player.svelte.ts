/**
 * What is heard in a conversation: one sound at a time. It goes on while its row is scrolled away, and stops with the
 * chat.
 */
import type { MediaRef } from '../../backend/backend';
import { feed, type Silence } from './playing';

/** How fast; a press on the last one begins again. */
const SPEEDS = [1, 1.5, 2];

export type State = 'rest' | 'loading' | 'playing' | 'paused' | Silence;

export class Player {
  /** What is in it. */
  media = $state.raw<MediaRef | null>(null);
  state = $state.raw<State>('rest');
  /** Seconds. */
  position = $state(0);
  /** Seconds, as the file says; the sender's word may differ. */
  duration = $state.raw<number | null>(null);
  speed = $state(1);

  #audio: HTMLAudioElement | null = null;
  #release: (() => void) | null = null;

  constructor(
    private readonly url: (media: MediaRef) => string,
    private readonly whole: (media: MediaRef) => Promise<ArrayBuffer>,
  ) {}

  /** How it stands with one sound. */
  of(media: MediaRef): State {
    return this.media === media ? this.state : 'rest';
  }

  /** Play, or pause, or play on. */
  toggle(media: MediaRef): void {
    if (this.media !== media || this.state === 'failed' || this.state === 'unloaded') this.#put(media);
    const audio = this.#audio;
    if (!audio) return;
    if (this.state === 'playing' || this.state === 'loading') {
      audio.pause();
      this.state = 'paused';
      return;
    }
    this.state = 'loading';
    // A player that cannot begin says so with an error event, too.
    audio.play().catch(() => undefined);
  }

  /** Go to a place, in seconds. */
  seek(media: MediaRef, seconds: number): void {
    if (this.media !== media) this.#put(media);
    this.position = seconds;
    if (this.#audio) this.#audio.currentTime = seconds;
  }

  faster(): void {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length] ?? 1;
    if (this.#audio) this.#audio.playbackRate = this.speed;
  }

  stop(): void {
    this.#release?.();
    this.#release = null;
    this.#audio = null;
    this.media = null;
    this.state = 'rest';
  }

  #put(media: MediaRef): void {
    this.stop();
    const audio = new Audio();
    audio.preload = 'metadata';
    audio.addEventListener('playing', () => (this.state = 'playing'));
    audio.addEventListener('pause', () => {
      if (this.state === 'playing') this.state = 'paused';
    });
    audio.addEventListener('timeupdate', () => (this.position = audio.currentTime));
    audio.addEventListener('loadedmetadata', () => {
      // Each new source begins at its own speed and place.
      audio.playbackRate = this.speed;
      if (this.position > 0) audio.currentTime = this.position;
    });
    audio.addEventListener('durationchange', () => {
      this.duration = Number.isFinite(audio.duration) ? audio.duration : null;
    });
    audio.addEventListener('ended', () => {
      this.state = 'rest';
      this.position = 0;
    });
    this.media = media;
    this.position = 0;
    this.duration = null;
    this.#audio = audio;
    this.#release = feed(
      audio,
      this.url(media),
      () => this.whole(media),
      (why) => (this.state = why),
    );
  }
}

/** What is said for a moment in its place, good or bad: "Saved in your downloads as …", "That did not work." */
import { failureOf, type Failure } from '../../backend';
import { failureWords } from '../failure';

/** Milliseconds that a note stays. */
const STAYS = 6000;

/** A failure as one sentence. */
export function sentenceOf(failure: Failure, organisation: string): string {
  const { lead, rest } = failureWords(failure.code, organisation);
  return `${lead} ${rest}`;
}

export class Notes {
  current = $state.raw<{ text: string; bad: boolean } | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The name of the organisation. */
  constructor(private readonly organisation: () => string) {}

  readonly tell = (text: string, bad = false): void => {
    this.current = { text, bad };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.current = null), STAYS);
  };

  /** A verb was refused. */
  readonly trouble = (error: unknown): void => {
    this.tell(sentenceOf(failureOf(error), this.organisation()), true);
  };

  /** Take a note away, if it is still this one. */
  drop(text: string): void {
    if (this.current?.text === text) this.current = null;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

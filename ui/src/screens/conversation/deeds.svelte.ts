/**
 * What is done to messages that are there, and what has to be asked first. The questions are drawn by `Deeds.svelte`.
 */
import type { AccountId, Backend, EventId, File, Message, RoomId } from '../../backend';
import { say } from '../../words';
import type { Edits } from './edits';

/** Something with a place on screen. */
export interface Anchor {
  getBoundingClientRect(): DOMRect;
}

/** An own message that is changed. */
export interface Editing {
  readonly message: Message;
  /** What it says. */
  readonly text: string;
  /** What a change of it said last. */
  readonly begun: string;
  /** It takes the keyboard. */
  readonly grabs: boolean;
}

export type Question =
  { kind: 'delete'; message: Message } | { kind: 'endPoll'; message: Message } | { kind: 'follow' };

/** An emoji without its variation selector, which some messengers send and some do not. */
function bare(key: string): string {
  return key.replaceAll('\u{fe0f}', '');
}

export class Deeds {
  question = $state.raw<Question | null>(null);
  menu = $state.raw<{ message: Message; at: Anchor } | null>(null);
  picker = $state.raw<{ message: Message; anchor: Element } | null>(null);
  editing = $state.raw<Editing | null>(null);

  constructor(
    private readonly backend: Backend,
    private readonly account: AccountId,
    private readonly room: RoomId,
    private readonly thread: EventId | null,
    private readonly edits: Edits,
    private readonly tell: (text: string, bad?: boolean) => void,
    private readonly trouble: (error: unknown) => void,
    private readonly open: (room: RoomId) => void,
  ) {}

  /** Begin to change an own message, or go on with it. */
  readonly edit = (message: Message, grabs = true): void => {
    const { event } = message;
    if (event === null || !message.editable) return;
    this.backend.messageText(this.account, this.room, event).then((text) => {
      if (this.editing?.message.event !== event) this.putAside();
      this.editing = { message, text, begun: this.edits.text(event) ?? text, grabs };
    }, this.trouble);
  };

  /** Go on with the change that was being made when this was left. */
  resume(grabs: boolean): void {
    const message = this.edits.begun(this.#place);
    if (message) this.edit(message, grabs);
  }

  /** This is what the change says now. */
  readonly changed = (text: string): void => {
    if (this.editing) this.edits.keep(this.#place, this.editing.message, text, this.editing.text);
  };

  /** Something else is begun; a change waits until this is opened again, or the message edited. */
  readonly putAside = (): void => {
    const { editing } = this;
    this.editing = null;
    if (editing && this.edits.text(editing.message.event) !== null) this.tell(say('composer.editKept'));
  };

  /** No more changing; a change waits with its message. */
  readonly leaveEdit = (): void => {
    this.putAside();
    this.edits.left(this.#place);
  };

  /** Give the message that is being changed its new text. Rejects if it was not kept. */
  readonly edited = async (text: string): Promise<void> => {
    const event = this.editing?.message.event ?? null;
    if (event !== null) {
      const draft = { text, replyTo: null, mentions: [], thread: null };
      await this.backend.editMessage(this.account, this.room, event, draft);
      this.edits.done(this.#place, event);
    }
    this.editing = null;
  };

  readonly react = (message: Message, key: string, on: boolean): void => {
    const { event } = message;
    if (event === null) return;
    const done = on
      ? this.backend.sendReaction(this.account, this.room, event, key)
      : this.backend.removeReaction(this.account, this.room, event, key);
    done.catch(this.trouble);
  };

  /** A reaction was chosen: one that is there already goes. */
  picked(key: string): void {
    const message = this.picker?.message;
    this.picker = null;
    if (!message) return;
    const there = message.reactions.find((reaction) => bare(reaction.key) === bare(key));
    this.react(message, there?.key ?? key, there?.own !== true);
  }

  readonly star = (message: Message): void => {
    const { event, starred } = message;
    if (event !== null) this.backend.setStarred(this.account, this.room, event, !starred).catch(this.trouble);
  };

  readonly vote = (message: Message, answers: string[]): void => {
    const { event } = message;
    if (event !== null) this.backend.vote(this.account, this.room, event, answers).catch(this.trouble);
  };

  readonly saved = async (file: File): Promise<boolean> => {
    try {
      this.tell(say('file.saved', { name: await this.backend.saveFile(this.account, file.media) }));
      return true;
    } catch (error) {
      this.trouble(error);
      return false;
    }
  };

  readonly follow = (here: boolean): void => {
    if (here) this.#go();
    else this.question = { kind: 'follow' };
  };

  /** The question was answered with yes. */
  confirm(): void {
    const { question } = this;
    this.question = null;
    if (!question) return;
    if (question.kind === 'follow') {
      this.#go();
      return;
    }
    const { event } = question.message;
    if (event === null) return;
    const done =
      question.kind === 'delete'
        ? this.backend.redact(this.account, this.room, event)
        : this.backend.endPoll(this.account, this.room, event);
    done.catch(this.trouble);
  }

  get #place(): string {
    return `${this.room} ${this.thread ?? ''}`;
  }

  #go(): void {
    this.backend.followMove(this.account, this.room).then((room) => {
      this.open(room);
    }, this.trouble);
  }
}

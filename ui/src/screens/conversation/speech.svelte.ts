/** What the two live regions of a conversation say: new messages politely, a failed one at once (UX section 8). */
import type { Message } from '../../backend';
import { say } from '../../words';
import { bodyText, firstName } from './message/spoken';
import { Announcer } from './timeline/announcer';

const LONGEST = 160;

function short(message: Message): string {
  const text = bodyText(message.body);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

export class Speech {
  polite = $state('');
  assertive = $state('');
  readonly #announcer: Announcer;

  /** `listens`: the window has the keyboard; in another window the system's notification speaks. */
  constructor(
    name: () => string,
    private readonly listens: () => boolean,
  ) {
    this.#announcer = new Announcer(
      (sentence) => (this.polite = sentence),
      (count) => say('spoken.newCount', { count, name: name() }),
    );
  }

  /** Others' messages that just came, oldest first. */
  readonly came = (messages: readonly Message[]): void => {
    if (!this.listens()) return;
    for (const message of messages) {
      this.#announcer.add(say('spoken.new', { name: firstName(message.sender.name), text: short(message) }));
    }
  };

  /** Something else that came. */
  readonly note = (sentence: string): void => {
    if (this.listens()) this.#announcer.add(sentence);
  };

  failed(message: Message): void {
    this.assertive = say('spoken.failedNow', { text: short(message) });
  }

  /** Forget what waits to be said. */
  stop(): void {
    this.#announcer.stop();
  }
}

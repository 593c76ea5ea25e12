/** What is known of a chat, asked again whenever its header changes. What is shown stays until the next answer. */
import {
  failureOf,
  type AccountId,
  type Backend,
  type ChatInfo,
  type Failure,
  type PartItem,
  type RoomId,
} from '../../../backend';

/** Pictures that the first page shows. */
const FEW = 4;

export class About {
  /** `null` before the first answer. */
  info = $state.raw<ChatInfo | null>(null);
  /** The newest pictures and films. */
  pictures = $state.raw<readonly PartItem[]>([]);
  failure = $state.raw<Failure | null>(null);
  #running = false;
  #again = false;

  constructor(
    private readonly backend: Backend,
    private readonly account: AccountId,
    private readonly room: RoomId,
  ) {}

  /** Ask; one question at a time, and once more for all that came in between. */
  async ask(): Promise<void> {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    while (this.#again) {
      this.#again = false;
      try {
        const [info, parts] = await Promise.all([
          this.backend.chatInfo(this.account, this.room),
          this.backend.chatParts(this.account, this.room, 'media', null),
        ]);
        this.info = info;
        this.pictures = parts.items.slice(0, FEW);
        this.failure = null;
      } catch (error) {
        this.failure = failureOf(error);
      }
    }
    this.#running = false;
  }
}

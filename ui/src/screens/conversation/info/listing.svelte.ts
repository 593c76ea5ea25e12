/** The pages of what is in a chat: pictures, files or links, newest first. */
import {
  failureOf,
  type AccountId,
  type Backend,
  type Failure,
  type PartItem,
  type PartKind,
  type RoomId,
} from '../../../backend';

export class Listing {
  items = $state.raw<readonly PartItem[]>([]);
  /** The first page has not come yet. */
  waiting = $state(true);
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);
  #next = $state.raw<string | null>(null);
  /** Something came or went while a page was on its way. */
  #stale = false;

  constructor(
    private readonly backend: Backend,
    private readonly account: AccountId,
    private readonly room: RoomId,
    private readonly kind: PartKind,
  ) {}

  /** There is another page. */
  get more(): boolean {
    return this.#next !== null;
  }

  /** The first page, the next one, or the one that failed. */
  async load(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    try {
      const page = await this.backend.chatParts(this.account, this.room, this.kind, this.#next);
      const there = this.items.map(({ event }) => event);
      this.items = [...this.items, ...page.items.filter(({ event }) => !there.includes(event))];
      this.#next = page.next;
      this.waiting = false;
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.busy = false;
    }
    if (this.#stale) await this.refresh();
  }

  /** The first page again: what came is there, what went is gone, and the pages after it stay. */
  async refresh(): Promise<void> {
    this.#stale = this.busy;
    if (this.busy || this.waiting) return;
    try {
      const page = await this.backend.chatParts(this.account, this.room, this.kind, null);
      if (this.busy) {
        this.#stale = true;
        return;
      }
      const last = page.items.at(-1)?.event;
      const at = this.items.findIndex(({ event }) => event === last);
      const joins = page.next !== null && at >= 0;
      this.items = joins ? [...page.items, ...this.items.slice(at + 1)] : page.items;
      if (!joins) this.#next = page.next;
    } catch {
      // What is shown stays; nobody asked for it.
    }
  }
}

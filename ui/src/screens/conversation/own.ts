/**
 * What is watched of one's own messages: the frame in which one appears, and the moment one fails.
 */
import type { Item, ItemKey, Message, TransactionId } from '../../backend/backend';

/** The message of a row, if it is one. */
export function messageOf(item: Item): Message | null {
  return item.kind.kind === 'message' ? item.kind.message : null;
}

/** How far from the end an own message is looked for: it was just written. */
const NEAR_END = 50;

/** Messages sent here that have not been seen among the rows yet. The row and the answer come in any order. */
export class Echoes {
  #awaited = new Set<TransactionId>();

  expect(transaction: TransactionId): void {
    this.#awaited.add(transaction);
  }

  /** Those that are there now; each is told once. */
  shown(items: readonly Item[]): TransactionId[] {
    if (this.#awaited.size === 0) return [];
    return items.slice(-NEAR_END).flatMap((item) => {
      const transaction = messageOf(item)?.transaction ?? null;
      return transaction !== null && this.#awaited.delete(transaction) ? [transaction] : [];
    });
  }
}

/** Messages that failed. */
export class Failures {
  #known: ReadonlySet<ItemKey> = new Set();

  /** The newest message that failed since the last call. */
  newest(items: readonly Item[]): Message | null {
    const failed = items.filter((item) => messageOf(item)?.delivery?.kind === 'failed');
    const fresh = failed.findLast((item) => !this.#known.has(item.key));
    this.#known = new Set(failed.map((item) => item.key));
    return fresh ? messageOf(fresh) : null;
  }
}

/**
 * The rows of a timeline and how high they are: measured where they were drawn, estimated where not.
 */
import type { Item } from '../../../backend/backend';
import { estimate } from './estimate';
import { offsets, total } from './geometry';

export class RowModel {
  #items: readonly Item[] = [];
  #index = new Map<string, number>();
  #heights = new Map<string, number>();
  /** Where each row begins, from the top; one more entry than rows. */
  tops: Float64Array = new Float64Array(1);

  set(items: readonly Item[]): void {
    this.#items = items;
    this.#index = new Map(items.map((item, index) => [item.key, index]));
    this.#add();
  }

  indexOf(key: string): number | undefined {
    return this.#index.get(key);
  }

  has(key: string): boolean {
    return this.#index.has(key);
  }

  /** The keys that `next` shares with the rows of now; the same function for every call on the same list. */
  keptIn(next: readonly Item[]): (key: string) => boolean {
    if (next === this.#items) return (key) => this.has(key);
    const keys = new Set(next.map((item) => item.key));
    return (key) => keys.has(key);
  }

  /** Take over measured heights. A row without height is not laid out; its estimate is better. */
  measured(heights: Iterable<readonly [key: string, height: number]>): void {
    let changed = false;
    for (const [key, height] of heights) {
      if (height === 0 || this.#heights.get(key) === height) continue;
      this.#heights.set(key, height);
      changed = true;
    }
    if (changed) this.#add();
  }

  /** The height of the rows before `index`. */
  before(index: number): number {
    return this.tops[index] ?? 0;
  }

  /** The height of the rows from `index` on. */
  after(index: number): number {
    return Math.max(0, total(this.tops) - (this.tops[index] ?? 0));
  }

  #add(): void {
    const items = this.#items;
    this.tops = offsets(items.length, (index) => {
      const item = items[index];
      return item ? (this.#heights.get(item.key) ?? estimate(item)) : 0;
    });
  }
}

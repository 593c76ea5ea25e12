/**
 * Keeps the reading place and draws only the rows near the window.
 *
 * **Invariant:** after every change of rows, heights or window size, `settle` runs before the frame is painted, and the row
 * at the window's lower edge stands where it stood; at the end of the chat the end stays. The end of what is loaded, where
 * the chat goes on, is no such end.
 *
 * The scroller is a reversed column (`flex-direction: column-reverse`): `scrollTop` is 0 at the end and negative above it.
 * What grows above the window therefore moves nothing, in any webview, without `overflow-anchor`. Spacers stand for the
 * rows that are not drawn; their sizes are set here and not in the markup, because they have to change in the same breath
 * as `scrollTop`.
 */
import type { Item } from '../../../backend/backend';
import {
  atEnd,
  correction,
  onScreen,
  rangeAround,
  rangeNear,
  sameRange,
  shiftFor,
  type Place,
  type Range,
} from './geometry';
import { RowModel } from './row-model';

/** A window that reports no height (hidden, or a test without layout) draws as much as this one would. */
const ASSUMED_HEIGHT = 800;
/** How often one change may lead to another before the rest waits for the next frame. */
const ROUNDS = 8;

/** Pixels beyond the window that are drawn before the first frame. */
const HASTY = 60;

/** The parts of the page the scroller works on. */
export interface Stage {
  readonly scroller: HTMLElement;
  readonly rows: HTMLElement;
  readonly before: HTMLElement;
  readonly after: HTMLElement;
}

/** What is on screen now. */
export interface View {
  /** Indices of the rows that count as on screen, oldest first. */
  readonly shown: readonly number[];
  /** The row at the upper edge. */
  readonly first: number;
  /** Pixels below the window. */
  readonly fromEnd: number;
  /** Pixels above the window. */
  readonly above: number;
  /** The height of the window. */
  readonly height: number;
}

export class Scroller {
  /** The last row is the end of the chat. */
  live = true;
  /** Only what is on screen is drawn until the first frame was shown. */
  hasty = false;
  /** The rows to draw. */
  range = $state.raw<Range>({ start: 0, end: 0 });

  #items: readonly Item[] = [];
  readonly #model = new RowModel();
  #stage: Stage | null = null;
  /** The row at the lower edge and how far above the edge it ends; `null` stands for the end. */
  #anchor: { key: string; gap: number } | null = null;
  #pending: { key: string; place: Place } | null = null;
  #rounds = 0;
  /** Where this put the window last, to tell its own moves from the person's. */
  #put = 0;

  /** `settled` is told what is on screen whenever that may have changed. */
  constructor(private readonly settled: (view: View) => void) {}

  mount(stage: Stage): void {
    this.#stage = stage;
    this.settle();
  }

  /** The parts of the page are gone. */
  unmount(): void {
    this.#stage = null;
  }

  /** The index of a row, if it is there. */
  indexOf(key: string): number | undefined {
    return this.#model.indexOf(key);
  }

  /** New rows. Called before they are drawn. */
  update(items: readonly Item[]): void {
    if (this.#stage && !this.#pending) this.#hold(items);
    this.#items = items;
    this.#model.set(items);
    this.#rounds = 0;
    this.#draw(this.#wanted());
  }

  /** Bring a row into the window; `settle` does it once the row is drawn. */
  reveal(key: string, place: Place): void {
    const index = this.#model.indexOf(key);
    if (index === undefined) return;
    this.#pending = { key, place };
    this.#rounds = 0;
    const range = rangeAround(this.#model.tops, index, this.#height());
    if (sameRange(range, this.range)) this.settle();
    else this.range = range;
  }

  /** Go to the end and stay there. */
  toEnd(): void {
    this.#pending = null;
    this.#anchor = null;
    this.#rounds = 0;
    this.#move(0);
    this.settle();
  }

  /** The first frame was shown: what lies beyond the window may be drawn. */
  broaden(): void {
    this.hasty = false;
    if (this.#stage) this.resized();
  }

  /** The window moved. Returns whether the person did it. */
  scrolled(): boolean {
    if (this.#pending) return false;
    const own = this.#stage !== null && Math.abs(this.#stage.scroller.scrollTop - this.#put) < 1;
    this.#hold(this.#items);
    this.#rounds = 0;
    const range = this.#wanted();
    if (sameRange(range, this.range)) this.#tell();
    else this.range = range;
    return !own;
  }

  /** Measure what is drawn, put the reading place back, and draw what else is needed. */
  settle(): void {
    const stage = this.#stage;
    if (!stage) return;
    this.#measureDrawn(stage);
    this.#space(stage);
    if (this.#pending) this.#place(stage, this.#pending);
    else this.#restore(stage);
    this.#hold(this.#items);
    const range = this.#wanted();
    this.#rounds += 1;
    if (!sameRange(range, this.range) && this.#rounds < ROUNDS) {
      this.range = range;
    } else {
      this.#pending = null;
      this.#rounds = 0;
      this.#tell();
    }
  }

  /** A drawn row or the window changed its size. */
  resized(): void {
    this.#rounds = 0;
    this.settle();
  }

  #draw(range: Range): void {
    if (!sameRange(range, this.range)) this.range = range;
  }

  #height(): number {
    return this.#stage?.scroller.clientHeight || ASSUMED_HEIGHT;
  }

  #fromEnd(): number {
    return this.#stage ? Math.max(0, -this.#stage.scroller.scrollTop) : 0;
  }

  #wanted(): Range {
    const height = this.#height();
    // Where nothing is laid out there is no first frame.
    const hasty = this.hasty && this.#stage?.scroller.clientHeight !== 0;
    const margin = hasty ? HASTY : Math.max(600, height);
    let fromEnd = this.#fromEnd();
    const anchor = this.#anchor;
    const index = anchor ? this.#model.indexOf(anchor.key) : undefined;
    if (anchor && index !== undefined) {
      fromEnd = Math.max(0, this.#model.after(index + 1) - anchor.gap);
    }
    return rangeNear(this.#model.tops, fromEnd, height, margin);
  }

  /** Remember the row at the lower edge, of those that will still be there. */
  #hold(next: readonly Item[]): void {
    const stage = this.#stage;
    if (!stage) return;
    if (this.live && atEnd(this.#fromEnd())) {
      this.#anchor = null;
      return;
    }
    const kept = this.#model.keptIn(next);
    const edge = bottomOf(stage.scroller);
    let best: { key: string; gap: number } | null = null;
    for (const [key, node] of drawn(stage).reverse()) {
      if (!kept(key)) continue;
      const rect = node.getBoundingClientRect();
      best = { key, gap: edge - rect.bottom };
      if (rect.top < edge) break;
    }
    this.#anchor = best;
  }

  #move(top: number): void {
    const scroller = this.#stage?.scroller;
    if (!scroller) return;
    if (scroller.scrollTop !== top) scroller.scrollTop = top;
    this.#put = scroller.scrollTop;
  }

  #restore(stage: Stage): void {
    const anchor = this.#anchor;
    if (!anchor) {
      this.#move(0);
      return;
    }
    const node = this.#node(anchor.key);
    if (!node) return;
    const shift = correction(anchor.gap, bottomOf(stage.scroller) - node.getBoundingClientRect().bottom);
    this.#move(stage.scroller.scrollTop + shift);
  }

  #place(stage: Stage, { key, place }: { key: string; place: Place }): void {
    const node = this.#node(key);
    if (!node) return;
    const edge = stage.scroller.getBoundingClientRect().top;
    const rect = node.getBoundingClientRect();
    const shift = shiftFor(place, rect.top - edge, rect.bottom - edge, this.#height());
    this.#move(stage.scroller.scrollTop + correction(shift, 0));
  }

  #measureDrawn(stage: Stage): void {
    this.#model.measured(drawn(stage).map(([key, node]) => [key, node.getBoundingClientRect().height] as const));
  }

  #space(stage: Stage): void {
    const { start, end } = this.range;
    stage.before.style.blockSize = `${String(this.#model.before(start))}px`;
    stage.after.style.blockSize = `${String(this.#model.after(end))}px`;
  }

  #node(key: string): HTMLElement | null {
    return (this.#stage && drawn(this.#stage).find(([other]) => other === key)?.[1]) ?? null;
  }

  #tell(): void {
    const stage = this.#stage;
    if (!stage) return;
    const edge = stage.scroller.getBoundingClientRect().top;
    const height = this.#height();
    const shown: number[] = [];
    let first = this.range.start;
    let seen = false;
    for (const [key, node] of drawn(stage)) {
      const index = this.#model.indexOf(key);
      if (index === undefined) continue;
      const rect = node.getBoundingClientRect();
      const row = { top: rect.top - edge, bottom: rect.bottom - edge };
      if (row.top >= height) break;
      if (row.bottom <= 0) continue;
      if (!seen) first = index;
      seen = true;
      if (onScreen(row, height)) shown.push(index);
    }
    const fromEnd = this.#fromEnd();
    this.settled({
      shown,
      first,
      fromEnd,
      above: Math.max(0, stage.scroller.scrollHeight - stage.scroller.clientHeight - fromEnd),
      height,
    });
  }
}

/** The rows that are in the page, with their keys. */
function drawn(stage: Stage): [key: string, node: HTMLElement][] {
  const out: [string, HTMLElement][] = [];
  for (const node of stage.rows.children) {
    if (node instanceof HTMLElement && node.dataset['key'] !== undefined) out.push([node.dataset['key'], node]);
  }
  return out;
}

function bottomOf(element: HTMLElement): number {
  return element.getBoundingClientRect().bottom;
}

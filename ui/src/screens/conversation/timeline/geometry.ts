/**
 * The arithmetic of the timeline: which rows stand near the window, where a jump must land, when to ask for more.
 *
 * **Invariant:** every distance is measured from the *end* of the list, upwards. The scroller is a reversed column, so
 * what is added above the window never moves it; only changes below it need a correction.
 *
 * Refused: a virtual list from a library (they measure from the top and lean on the browser's scroll anchoring, which
 * WebKitGTK does not have), and smooth scrolling over long ways (rows are measured on the way, which cuts it short).
 */

/** Rows `start` (included) to `end` (excluded). */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Pixels from the end at which the chat still counts as read to the end. */
export const END_SLACK = 24;
/** Pixels from the end at which the jump button appears (UX section 5). */
export const JUMP_FROM = 400;
/** Room for the focus ring below a message that was moved to. */
const RING = 8;
/** How many window heights before the oldest or the newest row more messages are asked for. */
export const ASK_AHEAD = 1.5;

/** Where each row begins, from the top; the last entry is the height of all rows. */
export function offsets(count: number, height: (index: number) => number): Float64Array {
  const out = new Float64Array(count + 1);
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    sum += height(index);
    out[index + 1] = sum;
  }
  return out;
}

/** The height of all rows. */
export function total(tops: Float64Array): number {
  return tops[tops.length - 1] ?? 0;
}

/** The row that covers `y` pixels from the top; the nearest one when `y` lies outside. */
export function rowAt(tops: Float64Array, y: number): number {
  const count = tops.length - 1;
  if (count <= 0) return 0;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows within `margin` pixels of a window of `height` pixels whose lower edge is `fromEnd` pixels above the end. */
export function rangeNear(tops: Float64Array, fromEnd: number, height: number, margin: number): Range {
  const count = tops.length - 1;
  if (count <= 0) return { start: 0, end: 0 };
  const all = total(tops);
  const bottom = all - fromEnd;
  return {
    start: rowAt(tops, bottom - height - margin),
    end: Math.min(count, rowAt(tops, Math.max(0, bottom + margin)) + 1),
  };
}

/** The rows to draw before jumping to `index`: about two windows around it. */
export function rangeAround(tops: Float64Array, index: number, height: number): Range {
  const count = tops.length - 1;
  const y = tops[Math.min(index, count)] ?? 0;
  const fromEnd = total(tops) - y - height;
  return rangeNear(tops, fromEnd, height, height);
}

/** The same rows, so nothing needs drawing. */
export function sameRange(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end;
}

/** Where a row may be placed in the window. */
export type Place = 'top' | 'third' | 'centre' | 'nearest';

/**
 * How far to scroll (down is positive) so that a row at `top`..`bottom` (from the window's upper edge) stands at its place
 * in a window of `height` pixels.
 */
export function shiftFor(place: Place, top: number, bottom: number, height: number): number {
  if (place === 'top') return top;
  if (place === 'third') return top - height / 3;
  const size = bottom - top;
  if (place === 'centre') return size > height ? top : top - (height - size) / 2;
  if (top < 0) return top;
  if (bottom + RING > height) return size + RING > height ? top : bottom + RING - height;
  return 0;
}

/**
 * The correction after the list changed: the row the person reads stood `before` pixels above the window's lower edge and
 * now stands `after`; scrolling down by the result puts it back. Under half a pixel is left alone, so that rounding never creeps.
 */
export function correction(before: number, after: number): number {
  const shift = before - after;
  return Math.abs(shift) < 0.5 ? 0 : shift;
}

/** Whether the window stands at the end. */
export function atEnd(fromEnd: number): boolean {
  return fromEnd <= END_SLACK;
}

/** Whether the jump button is shown. */
export function showsJump(fromEnd: number): boolean {
  return fromEnd > JUMP_FROM;
}

/** Whether more messages should be asked for. `beyond` is what lies above or below the window, in pixels. */
export function wantsMore(beyond: number, height: number): boolean {
  return beyond < height * ASK_AHEAD;
}

/** A row seen from the window: pixels from its upper edge. */
export interface Seen {
  readonly top: number;
  readonly bottom: number;
}

/** Whether a message counts as on screen: its end is, or it fills the window. */
export function onScreen(row: Seen, height: number): boolean {
  const endShown = row.bottom > 0 && row.bottom <= height + 1;
  const fills = row.top <= 0 && row.bottom >= height;
  return endShown || fills;
}

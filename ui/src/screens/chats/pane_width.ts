/** How wide the list is. The one thing the page keeps by itself: a number that says nothing about anyone. */
const KEY = 'list-width';

export const WIDTH = { min: 280, max: 440, initial: 360 } as const;

function within(width: number): number {
  return Math.round(Math.min(WIDTH.max, Math.max(WIDTH.min, width)));
}

/** The width of last time. */
export function keptWidth(): number {
  try {
    // eslint-disable-next-line no-restricted-globals -- a width in pixels, nothing else
    const kept = Number(localStorage.getItem(KEY));
    return kept > 0 ? within(kept) : WIDTH.initial;
  } catch {
    return WIDTH.initial;
  }
}

/** Keep `width` for next time; returns it as far as it is allowed. */
export function keepWidth(width: number): number {
  const allowed = within(width);
  try {
    // eslint-disable-next-line no-restricted-globals -- a width in pixels, nothing else
    localStorage.setItem(KEY, String(allowed));
  } catch {
    // A webview without storage forgets the width; nothing else happens.
  }
  return allowed;
}

/** How wide the list is, in CSS pixels. */
export const WIDTH = { min: 280, max: 440, initial: 360 } as const;

/** `width` as far as it is allowed. */
export function within(width: number): number {
  return Math.round(Math.min(WIDTH.max, Math.max(WIDTH.min, width)));
}

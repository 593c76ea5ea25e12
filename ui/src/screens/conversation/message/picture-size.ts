/**
 * The space a picture takes in a bubble, known before it is loaded so that nothing jumps.
 */

/** Pixels on screen. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const MAX: Size = { width: 400, height: 340 };
const MIN: Size = { width: 148, height: 96 };
/** For a picture whose sender did not say its size. */
const UNKNOWN: Size = { width: 296, height: 222 };

/** Fit a picture of `width` by `height` pixels; what is too long or too thin is cropped to the smallest side. */
export function pictureSize(width: number, height: number): Size {
  if (!(width > 0 && height > 0)) return UNKNOWN;
  const scale = Math.min(1, MAX.width / width, MAX.height / height);
  return {
    width: Math.round(Math.min(MAX.width, Math.max(MIN.width, width * scale))),
    height: Math.round(Math.min(MAX.height, Math.max(MIN.height, height * scale))),
  };
}

/** Runs `then` after the next frame was shown: one frame to draw it, one to know it was drawn. */
export function painted(then: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(then));
}

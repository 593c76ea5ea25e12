/**
 * A film or a sound in a player of the window. The `media:` scheme answers piece by piece; a player that cannot ask it
 * (WebKitGTK's asks the web only) gets the whole file, and what neither can play is said.
 */

/** Why nothing is played: the file did not come, and may come later; or it is here, and no player knows its kind. */
export type Silence = 'unloaded' | 'failed';

/** Let `element` play what is at `url`. Returns how to let go of it. */
export function feed(
  element: HTMLMediaElement,
  url: string,
  whole: () => Promise<ArrayBuffer>,
  failed: (why: Silence) => void,
): () => void {
  let copy: string | null = null;
  let asked = false;
  let over = false;

  async function again(): Promise<void> {
    const plays = !element.paused || element.autoplay;
    const bytes = await whole();
    if (over) return;
    copy = URL.createObjectURL(new Blob([bytes]));
    element.src = copy;
    if (plays) await element.play();
  }
  function trouble(): void {
    if (over) return;
    if (asked) {
      if (copy !== null) failed('failed');
      return;
    }
    asked = true;
    again().catch((error: unknown) => {
      // What the file is, the element says itself; a stop that came in between is none of ours.
      if (!over && copy === null) failed('unloaded');
      else if (error instanceof DOMException && error.name === 'NotAllowedError') element.pause();
    });
  }
  element.addEventListener('error', trouble);
  element.src = url;
  return () => {
    over = true;
    element.removeEventListener('error', trouble);
    element.pause();
    element.removeAttribute('src');
    element.load();
    if (copy !== null) URL.revokeObjectURL(copy);
  };
}

/** Seconds as a player shows them: "0:42", "1:03:20". */
export function playTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number: number) => String(number).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  const rest = two(whole % 60);
  return minutes < 60
    ? `${String(minutes)}:${rest}`
    : `${String(Math.floor(minutes / 60))}:${two(minutes % 60)}:${rest}`;
}

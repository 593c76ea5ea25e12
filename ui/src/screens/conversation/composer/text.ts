/**
 * What the composer does to its text.
 */

/** More than any message may hold (Matrix spec, "Size limits": an event is at most 65,536 bytes). */
export const LONGEST_PASTE = 60_000;

/** Text with one kind of line end and nothing that cannot be seen but tabs. */
export function pasted(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is taken out
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000B-\u001F\u007F]/g, '');
}

/** What is left in the field when `sent` was taken: what was written meanwhile stays. */
export function remaining(current: string, sent: string): string {
  if (current === sent) return '';
  return current.startsWith(sent) ? current.slice(sent.length).replace(/^\n/, '') : current;
}

/** Put `mark` around a selection, or take it away when it is there. Returns the text and the new selection. */
export function wrapped(
  text: string,
  start: number,
  end: number,
  mark: string,
): { text: string; start: number; end: number } {
  const size = mark.length;
  const inside = text.slice(start, end);
  if (text.slice(start - size, start) === mark && text.slice(end, end + size) === mark) {
    return {
      text: text.slice(0, start - size) + inside + text.slice(end + size),
      start: start - size,
      end: end - size,
    };
  }
  return { text: text.slice(0, start) + mark + inside + mark + text.slice(end), start: start + size, end: end + size };
}

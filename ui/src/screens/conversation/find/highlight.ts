/**
 * Marks what was looked for in a message on screen. Drawn by the webview (CSS Custom Highlight API), so that no message
 * has to know about searching; a webview without it outlines the message as always, and marks nothing.
 */
import type { SearchHit } from '../../../backend';

const NAME = 'search-hit';

/** The words of a hit as they stand in its message. */
export function hitWords(hit: SearchHit): string[] {
  const pieces = [...hit.text, ...(hit.file?.name ?? [])];
  return [...new Set(pieces.filter((piece) => piece.hit && piece.text.trim() !== '').map((piece) => piece.text))];
}

/** Where the words stand in the texts under `root`. */
export function ranges(root: Node, words: readonly string[]): Range[] {
  const found: Range[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.nodeValue ?? '';
    for (const word of words) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        found.push(range);
      }
    }
  }
  return found;
}

/** Mark the words under `root`; nothing for `null`. */
export function mark(root: Node | null, words: readonly string[]): void {
  const registry = (globalThis as { CSS?: { highlights?: Map<string, unknown> } }).CSS?.highlights;
  const Kind = (globalThis as { Highlight?: new (...marked: Range[]) => unknown }).Highlight;
  if (!registry || !Kind) return;
  const found = root === null ? [] : ranges(root, words);
  if (found.length === 0) registry.delete(NAME);
  else registry.set(NAME, new Kind(...found));
}

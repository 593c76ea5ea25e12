/** Keeps what was looked for marked in its message, for as long as that is on screen. */
import type { Item, SearchHit } from '../../../backend/backend';
import { messageOf } from '../own';
import { hitWords, mark } from './highlight';

/** Returns what takes the marks away. */
export function keepMarked(root: HTMLElement, hit: SearchHit, items: () => readonly Item[]): () => void {
  const words = hitWords(hit);
  const draw = (): void => {
    const key = items().find((item) => messageOf(item)?.event === hit.event)?.key;
    const rows = Array.from(root.querySelectorAll<HTMLElement>('[data-key]'));
    mark(rows.find((row) => row.dataset['key'] === key) ?? null, words);
  };
  const observer = new MutationObserver(draw);
  observer.observe(root, { childList: true, subtree: true });
  draw();
  return () => {
    observer.disconnect();
    mark(null, []);
  };
}

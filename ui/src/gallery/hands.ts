/** What a person does to the page, for states that begin with it. */
import { tick } from 'svelte';

/** Press a key where the focus is. */
export function press(key: string, more: KeyboardEventInit = {}): void {
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
}

/** Press the first thing that `selector` finds, with these words in it. */
export function click(selector: string, words = ''): void {
  const all = Array.from(document.querySelectorAll<HTMLElement>(selector));
  all.find((one) => `${one.getAttribute('aria-label') ?? ''} ${one.textContent}`.includes(words))?.click();
}

/** Give a message the focus. */
export function stand(words: string): void {
  const all = Array.from(document.querySelectorAll<HTMLElement>('article'));
  all.find((one) => one.getAttribute('aria-label')?.includes(words))?.focus();
}

/** What was asked for has come and was drawn. */
export async function drawn(): Promise<void> {
  for (let round = 0; round < 4; round += 1) await tick();
}

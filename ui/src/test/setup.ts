import '@testing-library/jest-dom/vitest';
import { configure } from '@testing-library/svelte';
import { vi } from 'vitest';

// How long a condition may take to come true; a busy machine is no failure.
configure({ asyncUtilTimeout: 8000 });

// The drawings of the icons say nothing, and every look for a role would walk through all of them.
vi.mock('../design/icons/Sprite.svelte', () => ({ default: () => undefined }));

/** What jsdom lacks and the components need. */
/** Sizes as a window would give them, for the chat list alone: ten rows are visible. */
class Resize implements ResizeObserver {
  readonly #tell: ResizeObserverCallback;

  constructor(tell: ResizeObserverCallback) {
    this.#tell = tell;
  }

  observe(target: Element): void {
    const list = target.closest('[role="listbox"]');
    if (!list) return;
    const height = target === list ? 640 : 64;
    const entry = { target, contentRect: new DOMRect(0, 0, 344, height) } as unknown as ResizeObserverEntry;
    queueMicrotask(() => this.#tell([entry], this));
  }

  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver = Resize;
Object.defineProperty(HTMLElement.prototype, 'offsetParent', {
  get(this: HTMLElement) {
    return this.parentElement;
  },
});

window.matchMedia ??= (query: string): MediaQueryList =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  }) as MediaQueryList;

Element.prototype.scrollIntoView ??= () => undefined;
Element.prototype.scrollTo ??= () => undefined;
Element.prototype.animate ??= function animate(this: Element): Animation {
  const done = { finished: Promise.resolve(), cancel: () => undefined, onfinish: null as (() => void) | null };
  queueMicrotask(() => done.onfinish?.());
  return done as unknown as Animation;
};

// Nothing is drawn here; who asks learns so quietly.
HTMLCanvasElement.prototype.getContext = () => null;

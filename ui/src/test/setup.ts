/** What jsdom lacks and the components need. */
class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoResize;

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

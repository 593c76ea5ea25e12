/**
 * F6 goes round the parts of the window: whatever carries `data-region`, in the order of the page. Inside a part the
 * focus goes to `[data-region-focus]`, else to the first thing that can have it.
 */
const FOCUSABLE =
  '[data-region-focus], a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), [contenteditable="true"], [tabindex="0"]';

/** Drawn, and not covered by something that keeps the keyboard. */
function visible(element: Element): boolean {
  return element.getClientRects().length > 0 && !element.closest('[inert]');
}

function target(region: HTMLElement): HTMLElement | null {
  if (region.tabIndex >= 0) return region;
  const marked = region.querySelector<HTMLElement>('[data-region-focus]');
  if (marked && visible(marked)) return marked;
  return (
    Array.from(region.querySelectorAll<HTMLElement>(FOCUSABLE)).find(
      (element) => element.tabIndex >= 0 && visible(element),
    ) ?? null
  );
}

/** Move the focus to the next part of the window, or the one before. */
export function cycleRegions(step: 1 | -1): void {
  const all = Array.from(document.querySelectorAll<HTMLElement>('[data-region]')).filter(visible);
  // The innermost counts: a part may lie within a larger one.
  const regions = all.filter((region) => target(region) && !region.querySelector('[data-region]'));
  if (regions.length === 0) return;
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const from = here < 0 && step === -1 ? 0 : here;
  const region = regions[(from + step + regions.length) % regions.length];
  if (region) target(region)?.focus();
}

import { afterEach, expect, it, vi } from 'vitest';

import { cycleRegions } from './regions';

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

it('leaves out what keeps no keyboard', () => {
  // There is no layout here: everything is drawn.
  vi.spyOn(Element.prototype, 'getClientRects').mockReturnValue([new DOMRect()] as unknown as DOMRectList);
  const parts = ['list', 'timeline', 'composer', 'drawer'].map((name) => {
    const part = document.createElement('section');
    part.dataset['region'] = name;
    part.append(document.createElement('button'));
    return part;
  });
  const covered = document.createElement('main');
  covered.setAttribute('inert', '');
  const [list, timeline, composer, drawer] = parts;
  covered.append(timeline as HTMLElement, composer as HTMLElement);
  document.body.append(list as HTMLElement, covered, drawer as HTMLElement);
  const here = () => document.activeElement?.closest<HTMLElement>('[data-region]')?.dataset['region'];
  cycleRegions(1);
  expect(here()).toBe('list');
  cycleRegions(1);
  expect(here()).toBe('drawer');
  cycleRegions(1);
  expect(here()).toBe('list');
  cycleRegions(-1);
  expect(here()).toBe('drawer');
});

import { describe, expect, it } from 'vitest';

import type { Item } from '../../../backend/backend';
import { text } from '../../../gallery/conversation-messages';
import { message } from '../../../gallery/golden/conversations';
import { priya } from '../../../gallery/golden/people';
import { Scroller, type View } from './scroller.svelte';

const rows = (from: number, to: number): Item[] =>
  Array.from({ length: to - from }, (_, index) => message(`m${String(from + index)}`, priya, 0, text('x')));

/**
 * A timeline that lays itself out like a reversed column: the end of the content lies `-scrollTop` pixels below the window.
 * Rows are 60 pixels high unless told otherwise, which is not what they are estimated at.
 */
class Page {
  readonly scroller = document.createElement('div');
  readonly rows = document.createElement('div');
  readonly before = document.createElement('div');
  readonly after = document.createElement('div');
  readonly heights = new Map<string, number>();
  height = 600;
  items: Item[] = [];
  view: View | null = null;
  readonly it = new Scroller((view) => (this.view = view));

  constructor() {
    let top = 0;
    Object.defineProperties(this.scroller, {
      clientHeight: { get: () => this.height },
      scrollHeight: { get: () => Math.max(this.height, this.content()) },
      scrollTop: {
        get: () => top,
        set: (wanted: number) => {
          const least = -Math.max(0, this.content() - this.height);
          top = Math.min(0, Math.max(least, wanted));
        },
      },
    });
    this.scroller.getBoundingClientRect = () => new DOMRect(0, 0, 800, this.height);
  }

  /** New items, drawn. */
  show(items: Item[]): void {
    this.items = items;
    this.it.update(items);
    this.draw();
  }

  mount(items: Item[], opening: string | null = null): void {
    this.items = items;
    this.it.update(items);
    if (opening !== null) this.it.reveal(opening, 'third');
    this.place();
    this.it.mount(this);
    this.draw();
  }

  /** What the component does: draw the rows of the range, then settle, until nothing changes. */
  draw(): void {
    for (let round = 0; round < 20; round += 1) {
      const drawn = this.it.range;
      this.place();
      this.it.settle();
      if (drawn === this.it.range) return;
    }
    throw new Error('never settles');
  }

  scrollTo(fromEnd: number): void {
    this.scroller.scrollTop = -fromEnd;
    this.it.scrolled();
    this.draw();
  }

  /** Where a row stands, from the window's upper edge. */
  top(key: string): number {
    const node = this.node(key);
    if (!node) throw new Error(`${key} is not drawn`);
    return node.getBoundingClientRect().top;
  }

  drawn(key: string): boolean {
    return this.node(key) !== undefined;
  }

  private node(key: string): Element | undefined {
    return Array.from(this.rows.children).find((node) => node instanceof HTMLElement && node.dataset['key'] === key);
  }

  private place(): void {
    const { start, end } = this.it.range;
    this.rows.replaceChildren(
      ...this.items.slice(start, end).map((item) => {
        const node = document.createElement('div');
        node.dataset['key'] = item.key;
        node.getBoundingClientRect = () => {
          const all = Array.from(this.rows.children) as HTMLElement[];
          const below = all.slice(all.indexOf(node) + 1).reduce((sum, other) => sum + this.heightOf(other), 0);
          const bottom = this.height - this.scroller.scrollTop - this.space(this.after) - below;
          const height = this.heightOf(node);
          return new DOMRect(0, bottom - height, 800, height);
        };
        return node;
      }),
    );
  }

  private heightOf(node: HTMLElement): number {
    return this.heights.get(node.dataset['key'] ?? '') ?? 60;
  }
  private space(node: HTMLElement): number {
    return Number.parseFloat(node.style.blockSize || '0');
  }
  private content(): number {
    const drawn = (Array.from(this.rows.children) as HTMLElement[]).reduce((sum, node) => sum + this.heightOf(node), 0);
    return this.space(this.before) + drawn + this.space(this.after);
  }
}

describe('a timeline', () => {
  it('opens at the end', () => {
    const page = new Page();
    page.mount(rows(0, 1000));
    expect(page.top('m999')).toBe(540);
    expect(page.drawn('m0')).toBe(false);
    expect(page.view?.shown).toEqual([990, 991, 992, 993, 994, 995, 996, 997, 998, 999]);
  });

  it('opens at the line of new messages, one third from the top', () => {
    const page = new Page();
    page.mount(rows(0, 1000), 'm500');
    expect(page.top('m500')).toBeCloseTo(200);
    expect(page.drawn('m999')).toBe(false);
  });

  it('opens at the end when what is new fits into the window', () => {
    const page = new Page();
    page.mount(rows(0, 1000), 'm997');
    expect(page.top('m999')).toBe(540);
  });

  it('stays at the end when messages come', () => {
    const page = new Page();
    page.mount(rows(0, 100));
    page.show(rows(0, 103));
    expect(page.top('m102')).toBe(540);
  });

  it('keeps the reading place when messages come below', () => {
    const page = new Page();
    page.mount(rows(0, 1000));
    page.scrollTo(3000);
    const before = page.top('m948');
    page.show(rows(0, 1025));
    expect(page.top('m948')).toBeCloseTo(before);
  });

  it('keeps the reading place when older pages come above', () => {
    const page = new Page();
    page.mount(rows(500, 600));
    page.scrollTo(5200);
    const before = page.top('m505');
    page.show(rows(400, 600));
    expect(page.top('m505')).toBeCloseTo(before);
    expect(page.drawn('m499')).toBe(true);
  });

  it('keeps the reading place when a picture above or below gets its size', () => {
    const page = new Page();
    page.mount(rows(0, 1000));
    page.scrollTo(3000);
    const before = page.top('m948');
    page.heights.set('m935', 340);
    page.it.resized();
    page.draw();
    expect(page.top('m948')).toBeCloseTo(before);
    page.heights.set('m955', 340);
    page.it.resized();
    page.draw();
    expect(page.top('m948')).toBeCloseTo(before);
  });

  it('keeps the message at the lower edge when the window or the composer changes size', () => {
    const page = new Page();
    page.mount(rows(0, 1000));
    page.scrollTo(3030);
    const fromEdge = 600 - page.top('m948');
    page.height = 420;
    page.it.resized();
    page.draw();
    expect(420 - page.top('m948')).toBeCloseTo(fromEdge);
  });

  it('keeps the reading place when the message at the edge goes away', () => {
    const page = new Page();
    page.mount(rows(0, 1000));
    page.scrollTo(3030);
    const before = page.top('m945');
    const gone = page.view?.shown.at(-1) ?? 0;
    page.show(page.items.filter((_, index) => index !== gone && index !== gone + 1));
    expect(page.top('m945')).toBeCloseTo(before);
  });

  it('keeps the reading place at the end of what is loaded, where the chat goes on', () => {
    const page = new Page();
    page.it.live = false;
    page.mount(rows(0, 100));
    const before = page.top('m99');
    page.show(rows(0, 160));
    expect(page.top('m99')).toBeCloseTo(before);
    expect(page.drawn('m100')).toBe(true);
  });

  it('goes to a message far away, and back to the end', () => {
    const page = new Page();
    page.mount(rows(0, 5000));
    page.it.reveal('m17', 'centre');
    page.draw();
    expect(page.top('m17')).toBeCloseTo(270);
    page.it.toEnd();
    page.draw();
    expect(page.top('m4999')).toBe(540);
  });

  it('draws few rows wherever it stands', () => {
    const page = new Page();
    page.mount(rows(0, 20_000));
    for (const fromEnd of [0, 10_000, 200_000, 700_000]) {
      page.scrollTo(fromEnd);
      expect(page.it.range.end - page.it.range.start).toBeLessThan(60);
      expect(page.view?.shown.length).toBeGreaterThan(5);
    }
  });
});

/** What is open over the messages: a picture, the choice of a day, a link in doubt. Drawn by `Over.svelte`. */
import { tick } from 'svelte';

import type { Image, Video } from '../../backend/backend';
import type { Link } from './context';

export class Overlays {
  viewing = $state.raw<{ what: Image | Video; label: string; from: Element | null } | null>(null);
  picking = $state.raw<{ time: number; anchor: HTMLElement } | null>(null);
  doubtful = $state.raw<Link | null>(null);

  /** Show large; closing gives the focus back to where it is now. */
  view(what: Image | Video, label: string): void {
    this.viewing = { what, label, from: document.activeElement };
  }

  closeViewer(): void {
    const from = this.viewing?.from;
    this.viewing = null;
    if (from instanceof HTMLElement) void tick().then(() => from.focus());
  }
}

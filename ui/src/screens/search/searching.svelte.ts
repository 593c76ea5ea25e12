/** A search everywhere, as far as it has come. It outlives its screen, so that a person can come back to it. */
import type { AccountId, Backend, SearchScope } from '../../backend';
import { Asking, total } from './asking.svelte';
import { asked, isBlank, settled, type Chip } from './query';
import { sections, stepped, type Row, type Section, type Tab } from './rows';

export class Searching {
  chips = $state.raw<Chip[]>([]);
  text = $state('');
  caret = $state(0);
  tab = $state<Tab>('all');
  /** The key of the current row; `null` until an arrow or the pointer chose one. */
  current = $state<string | null>(null);
  readonly asking: Asking;

  readonly sections: Section[] = $derived.by(() =>
    sections(this.tab, this.asking.results?.chats ?? [], this.asking.groups),
  );
  readonly rows: Row[] = $derived(this.sections.flatMap((section) => section.rows));
  readonly row: Row | null = $derived(this.rows.find((row) => row.key === this.current) ?? null);
  readonly blank: boolean = $derived(isBlank(this.chips, this.text));
  /** How many results each kind has, of all kinds together, whichever is shown. */
  readonly counts = $derived.by(() => {
    const results = this.asking.results;
    if (!results) return null;
    const people = results.chats.length;
    return {
      all: total(results, 'all') + people,
      messages: results.counts.messages,
      files: results.counts.files,
      people,
      more: results.counts.more,
    };
  });

  constructor(backend: Backend, account: AccountId) {
    this.asking = new Asking(backend, account);
  }

  /** Ask for what the field says now. */
  ask(): void {
    const scope: SearchScope = this.tab === 'messages' || this.tab === 'files' ? this.tab : 'all';
    this.asking.ask(this.blank ? null : { text: asked(this.chips, this.text), room: null, scope });
  }

  /**
   * What the newest answer makes of the field; the text and the caret when they change. Chips that come of it ask for the
   * same again, in other words.
   */
  settle(): { text: string; caret: number } | null {
    const { answered, results } = this.asking;
    if (!results || answered?.text !== asked(this.chips, this.text)) return null;
    const next = settled(this.chips, this.text, this.caret, results.filters);
    if (!next) return null;
    const moved = next.text !== this.text;
    this.chips = next.chips;
    this.text = next.text;
    return moved ? next : null;
  }

  /** The answer says where the filters are in the text that is in the field now. */
  get fresh(): boolean {
    return this.asking.answered?.text === asked(this.chips, this.text);
  }

  step(by: number): void {
    this.current = stepped(this.rows, this.current, by)?.key ?? null;
  }

  /** Another text: the current row was one of another answer. */
  reset(): void {
    this.current = null;
  }
}

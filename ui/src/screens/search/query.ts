/**
 * The text of a search as it is typed: filters that were settled stand as chips before the field, the rest is in it. The
 * engine alone understands filters; here is only where they stand and what a person is offered while typing one. Pure.
 */
import type { FilterKind, FilterOffer, SearchFilter } from '../../backend';
import { day, isoDay, say } from '../../words';

/** A filter that stands as a chip. */
export interface Chip {
  kind: FilterKind;
  /** What means exactly this in a text. */
  value: string;
  /** As it is drawn. */
  label: string;
  /** The engine knows nobody and nothing of this name. */
  unknown: boolean;
}

/** Something a person may pick while typing a filter. */
export interface Offer {
  value: string;
  label: string;
  /** What it means, or who exactly it is. */
  about: string;
  /** The person or chat. */
  offer: FilterOffer | null;
}

/** A filter that is being typed. */
export interface Typed {
  kind: FilterKind;
  /** After the colon, up to the caret. */
  value: string;
  /** Where it begins in the field. */
  start: number;
  /** Where it ends: the end of its word. */
  end: number;
}

export const KINDS: readonly FilterKind[] = ['from', 'in', 'has', 'is', 'before', 'after', 'mentions'];

const VALUES = {
  has: ['file', 'image', 'link', 'voice', 'video', 'poll'],
  is: ['unread', 'starred', 'pinned'],
  mentions: ['me'],
} as const;

/** What stands before the field's own text when it is asked. */
export function head(chips: readonly Chip[]): string {
  return chips.map(({ kind, value }) => `${kind}:${value} `).join('');
}

/** The whole text, as it is asked. */
export function asked(chips: readonly Chip[], text: string): string {
  return head(chips) + text;
}

/** Nothing is looked for. */
export function isBlank(chips: readonly Chip[], text: string): boolean {
  return chips.length === 0 && text.trim() === '';
}

/** Filters were begun, and nothing else: nothing is looked for yet. */
export function isBegun(chips: readonly Chip[], text: string): boolean {
  return chips.length === 0 && /^\s*(?:(?:from|in|has|is|before|after|mentions):(?:\s+|$))+$/iu.test(text);
}

/** The filter whose value the caret stands in or after. */
export function typedAt(text: string, caret: number): Typed | null {
  // A long text is not searched through: a filter is near the caret.
  const from = Math.max(0, caret - 200);
  const before = text.slice(from, caret);
  const match = /(?:^|\s)(from|in|has|is|before|after|mentions):("[^"]*|[^\s"]*)$/iu.exec(before);
  const [whole, kind, value] = match ?? [];
  if (!match || whole === undefined || kind === undefined || value === undefined) return null;
  const start = from + match.index + (/^\s/u.test(whole) ? 1 : 0);
  const rest = value.startsWith('"') ? /^[^"]*"?/u : /^\S*/u;
  const end = caret + (rest.exec(text.slice(caret, caret + 200))?.[0].length ?? 0);
  return { kind: kind.toLowerCase() as FilterKind, value: value.replace(/^"/u, ''), start, end };
}

/** The text without what stands from `start` to `end`, and without a space too many. */
export function without(text: string, start: number, end: number): string {
  const left = text.slice(0, start);
  const right = text.slice(end);
  return left === '' || /\s$/u.test(left) ? left + right.replace(/^\s+/u, '') : left + right;
}

/** How a filter is drawn. */
export function labelOf(kind: FilterKind, value: string, label: string): string {
  if (kind === 'before' || kind === 'after') return day(value) ?? label;
  const known = (VALUES as Partial<Record<FilterKind, readonly string[]>>)[kind]?.includes(value);
  return known ? say(`filter.value.${value as (typeof VALUES)['has' | 'is' | 'mentions'][number]}`) : label;
}

export function chipOf(filter: Pick<SearchFilter, 'kind' | 'value' | 'label' | 'state'>): Chip {
  return {
    kind: filter.kind,
    value: filter.value,
    label: labelOf(filter.kind, filter.value, filter.label),
    unknown: filter.state === 'unknown',
  };
}

/**
 * What an answer makes of the field: filters that are settled and that the caret has left become chips, and chips learn
 * their names. `null` when nothing changes.
 */
export function settled(
  chips: readonly Chip[],
  text: string,
  caret: number,
  filters: readonly SearchFilter[],
): { chips: Chip[]; text: string; caret: number } | null {
  const offset = head(chips).length;
  const known = filters.filter((filter) => filter.end <= offset);
  const next = chips.map((chip, index) => {
    const filter = known[index];
    if (filter?.kind !== chip.kind) return chip;
    // The label that was picked is kept where the engine says the same.
    const fresh = chipOf(filter);
    return filter.value === chip.value && fresh.label === chip.label && fresh.unknown === chip.unknown ? chip : fresh;
  });
  let rest = text;
  let place = caret;
  for (const filter of filters.toReversed()) {
    const start = filter.start - offset;
    const end = filter.end - offset;
    if (start < 0 || filter.state !== 'resolved') continue;
    if (!/^\s/u.test(text.slice(end)) || (caret >= start && caret <= end)) continue;
    const length = rest.length;
    rest = without(rest, start, end);
    if (caret > end) place -= length - rest.length;
    next.splice(chips.length, 0, chipOf(filter));
  }
  if (rest === text && next.every((chip, index) => chip === chips[index])) return null;
  return { chips: next, text: rest, caret: Math.max(0, place) };
}

/** What may be picked for the filter that is being typed. */
export function offers(typed: Typed, filters: readonly SearchFilter[], offset: number, now: number): Offer[] {
  const wanted = typed.value.toLowerCase();
  switch (typed.kind) {
    case 'from':
    case 'in': {
      const filter = filters.find((one) => one.kind === typed.kind && one.start - offset === typed.start);
      return (filter?.offers ?? []).map((offer) => ({
        value: offer.value,
        label: offer.label,
        about: offer.disambiguation ?? '',
        offer,
      }));
    }
    case 'before':
    case 'after':
      return days(now)
        .filter(({ value, label }) => value.startsWith(wanted) || label.toLowerCase().startsWith(wanted))
        .map(({ value, label }) => ({ value, label, about: day(value) ?? value, offer: null }));
    default:
      return VALUES[typed.kind]
        .filter((value) => value.startsWith(wanted) || say(`filter.value.${value}`).toLowerCase().startsWith(wanted))
        .map((value) => ({
          value,
          label: say(`filter.value.${value}`),
          about: say(`filter.what.${value}`),
          offer: null,
        }));
  }
}

function days(now: number): { value: string; label: string }[] {
  const today = new Date(now);
  const at = (year: number, month: number, date: number) => isoDay(new Date(year, month, date).getTime());
  const [year, month, date] = [today.getFullYear(), today.getMonth(), today.getDate()];
  return [
    { value: at(year, month, date), label: say('filter.day.today') },
    { value: at(year, month, date - 1), label: say('filter.day.yesterday') },
    { value: at(year, month, date - 7), label: say('filter.day.week') },
    { value: at(year, month, 1), label: say('filter.day.month') },
    { value: at(year, 0, 1), label: say('filter.day.year') },
  ].filter(({ value }, index, all) => all.findIndex((other) => other.value === value) === index);
}

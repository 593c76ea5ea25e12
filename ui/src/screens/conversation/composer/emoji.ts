/**
 * The emoji the picker offers and how they are found. The data comes with the program and is read once, when the picker is
 * opened first.
 */

/** An emoji. */
export interface Emoji {
  readonly emoji: string;
  readonly name: string;
  /** Short names, as in `:+1:`. */
  readonly codes: readonly string[];
  /** What it is found by, in small letters. */
  readonly text: string;
  readonly group: number;
}

interface Raw {
  emoji: string;
  annotation: string;
  tags?: string[];
  shortcodes?: string[];
  group: number;
  version: number;
}

/** Newer ones than fonts of this year draw are left out, so that nobody sends a box. */
const NEWEST = 15.1;
/** The group of skin tones, which are no emoji of their own. */
const SKIN_TONES = 2;
/** Columns of the picker. */
export const COLUMNS = 9;
/** How many are remembered as used lately. Kept in memory only: nothing readable is written to disk. */
const KEPT = COLUMNS * 2;
/** Before anybody used one. */
const FIRST = ['👍', '🙏', '😊', '😄', '❤️', '🎉', '✅', '👀', '💪'];

let loading: Promise<readonly Emoji[]> | null = null;

export function loadEmoji(): Promise<readonly Emoji[]> {
  loading ??= import('emoji-picker-element-data/en/emojibase/data.json').then(
    ({ default: data }) => listed(data as unknown as Raw[]),
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

function listed(data: readonly Raw[]): readonly Emoji[] {
  return data
    .filter(({ version, group }) => version <= NEWEST && group !== SKIN_TONES)
    .map(({ emoji, annotation, tags = [], shortcodes = [], group }) => ({
      emoji,
      name: annotation.charAt(0).toUpperCase() + annotation.slice(1),
      codes: shortcodes,
      text: [annotation, ...shortcodes.map((code) => code.replaceAll('_', ' ')), ...tags].join('\n').toLowerCase(),
      group,
    }));
}

/** Those that match every word of `query`; beginnings of names come first. */
export function findEmoji(all: readonly Emoji[], query: string): readonly Emoji[] {
  const wanted = query.toLowerCase().replaceAll(':', '').replaceAll('_', ' ').trim();
  if (wanted === '') return all;
  const parts = wanted.split(/\s+/);
  const rank = (emoji: Emoji): number => {
    if (!parts.every((part) => emoji.text.includes(part))) return 0;
    if (emoji.codes.some((code) => code.replaceAll('_', ' ') === wanted)) return 4;
    if (emoji.text.startsWith(wanted)) return 3;
    return new RegExp(`(^|[\\s])${escaped(wanted)}`).test(emoji.text) ? 2 : 1;
  };
  return all
    .map((emoji) => ({ emoji, at: rank(emoji) }))
    .filter(({ at }) => at > 0)
    .sort((a, b) => b.at - a.at)
    .map(({ emoji }) => emoji);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

let used: readonly string[] = FIRST;

/** Used lately, newest first. */
export function recentEmoji(all: readonly Emoji[]): readonly Emoji[] {
  const known = new Map(all.map((one) => [bare(one.emoji), one]));
  return used.flatMap((emoji) => known.get(bare(emoji)) ?? []);
}

/** Without the mark that asks for the coloured form, which some write and some leave out. */
function bare(emoji: string): string {
  return emoji.replaceAll('\uFE0F', '');
}

export function rememberEmoji(emoji: string): void {
  used = [emoji, ...used.filter((other) => other !== emoji)].slice(0, KEPT);
}

/**
 * Where an arrow key leads from `index`, in sections of the given sizes that each begin a new row: up and down keep the
 * column over the ends of sections.
 */
export function arrow(sizes: readonly number[], index: number, key: string): number {
  const count = sizes.reduce((sum, size) => sum + size, 0);
  if (count === 0) return 0;
  if (key === 'ArrowLeft') return Math.max(0, index - 1);
  if (key === 'ArrowRight') return Math.min(count - 1, index + 1);

  let begin = 0;
  let section = 0;
  while (section < sizes.length - 1 && index >= begin + (sizes[section] ?? 0)) {
    begin += sizes[section] ?? 0;
    section += 1;
  }
  const size = sizes[section] ?? 0;
  const place = index - begin;
  const column = place % COLUMNS;
  const row = Math.floor(place / COLUMNS);
  if (key === 'ArrowDown') {
    if (row < Math.floor((size - 1) / COLUMNS)) return begin + Math.min(place + COLUMNS, size - 1);
    const next = sizes[section + 1];
    return next ? begin + size + Math.min(column, next - 1) : index;
  }
  if (row > 0) return index - COLUMNS;
  const above = sizes[section - 1];
  if (!above) return index;
  const last = Math.floor((above - 1) / COLUMNS) * COLUMNS;
  return begin - above + Math.min(last + column, above - 1);
}

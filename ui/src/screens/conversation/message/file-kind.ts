/**
 * How a file's tile looks: its tint by kind, its size in words.
 */

const SHEETS = new Set(['XLS', 'XLSX', 'CSV', 'ODS', 'TSV', 'NUMBERS']);
const TEXTS = new Set(['DOC', 'DOCX', 'ODT', 'TXT', 'MD', 'RTF', 'PAGES']);
const DECKS = new Set(['PPT', 'PPTX', 'ODP', 'KEY']);
const PACKED = new Set(['ZIP', 'GZ', '7Z', 'RAR', 'TAR', 'XZ', 'ZST']);
/** Kinds that can run code: the tile says so by its colour, the name always shows the true extension. */
const PROGRAMS = new Set(
  [
    'EXE',
    'MSI',
    'BAT',
    'CMD',
    'COM',
    'SCR',
    'PS1',
    'VBS',
    'JS',
    'JAR',
    'SH',
    'RUN',
    'APPIMAGE',
    'DEB',
    'RPM',
    'APP',
  ].concat(['DMG', 'PKG', 'LNK', 'DESKTOP', 'HTA', 'REG', 'PY', 'APK', 'XPI']),
);

/** The class of a tile: one of the eight tints, or one for programs and for everything else. */
export function tileTint(extension: string): string {
  if (extension === 'PDF') return 'av-1';
  if (SHEETS.has(extension)) return 'av-5';
  if (TEXTS.has(extension)) return 'av-7';
  if (DECKS.has(extension)) return 'av-2';
  if (PACKED.has(extension)) return 'av-3';
  if (PROGRAMS.has(extension)) return 'program';
  return 'other';
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** "184 KB", "2.4 MB": thousands, as file managers count. */
export function byteSize(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit >= 2 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`;
}

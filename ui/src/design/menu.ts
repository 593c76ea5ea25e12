import type { IconName } from './icons/names';

/** A line of a menu. */
export type MenuEntry =
  | {
      kind: 'action';
      label: string;
      icon?: IconName;
      /** Shown at the end. */
      keys?: string;
      danger?: boolean;
      disabled?: boolean;
      run: () => void;
    }
  | { kind: 'rule' }
  /** A line that heads what follows. */
  | { kind: 'heading'; label: string }
  /** One of several; exactly one is checked. */
  | { kind: 'choice'; label: string; icon?: IconName; checked: boolean; run: () => void };

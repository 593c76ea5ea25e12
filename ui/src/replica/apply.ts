import type { Op } from '../backend/bindings';

/**
 * The list after `ops`: the twin of `apply` in crates/model/src/patch.rs. Changes that are out of range are ignored; the
 * next reset mends them.
 */
export function applied<T>(rows: readonly T[], ops: readonly Op<T>[]): T[] {
  const next = [...rows];
  for (const op of ops) {
    switch (op.op) {
      case 'insert':
        if (op.index <= next.length) next.splice(op.index, 0, op.item);
        break;
      case 'set':
        if (op.index < next.length) next[op.index] = op.item;
        break;
      case 'remove':
        if (op.index < next.length) next.splice(op.index, 1);
        break;
    }
  }
  return next;
}

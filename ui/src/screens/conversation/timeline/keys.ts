/** What single keys do with the message that has the focus (UX section 7). */
import type { Message } from '../../../backend/backend';
import type { Reach } from '../context';
import { hasActions, mayDelete, mayEdit, mayReact, mayStar, mayThread } from '../message/menu';

type Acts = Record<string, () => void>;

/** By the name of the key, letters in lower case; `node` is the message as it is drawn. */
export function keysOf(
  message: Message,
  canWrite: boolean,
  shift: boolean,
  reach: Reach,
  node: HTMLElement | null,
): Acts {
  const act: Acts = {
    r: () => {
      reach.reply(message);
    },
    c: () => {
      reach.copy(message);
    },
  };
  const control = { image: '.show', video: '.show', audio: '.play', voice: '.play' }[message.body.kind as string];
  if (control) {
    act['Enter'] = act[' '] = () => {
      node?.querySelector<HTMLElement>(control)?.click();
    };
  }
  const { event } = message;
  if (event !== null && mayThread(message, canWrite, reach)) {
    act['t'] = () => {
      reach.openThread?.(event);
    };
  }
  if (mayEdit(message)) {
    act['e'] = () => {
      reach.edit(message);
    };
  }
  if (mayStar(message)) {
    act['s'] = () => {
      reach.star(message);
    };
  }
  if (mayDelete(message)) {
    act['Delete'] = () => {
      reach.remove(message);
    };
  }
  if (!node) return act;
  const near = node.querySelector('.bubble') ?? node;
  if (mayReact(message, canWrite)) {
    act['+'] = () => {
      reach.pickReaction(message, near);
    };
  }
  if (hasActions(message, canWrite)) {
    act['ContextMenu'] = () => {
      reach.openMenu(message, near);
    };
    if (shift) act['F10'] = act['ContextMenu'];
  }
  return act;
}

/** What can be done with a message: the same in the bar, in the menu and by keys (UX sections 7 and 8). */
import type { Message } from '../../../backend/backend';
import type { MenuEntry } from '../../../design';
import { say } from '../../../words';
import type { Reach } from '../context';
import { copyText } from './spoken';

export function mayReact(message: Message, canWrite: boolean): boolean {
  return canWrite && message.event !== null && message.body.kind !== 'deleted';
}

export function mayReply(message: Message, canWrite: boolean): boolean {
  return mayReact(message, canWrite);
}

/** A thread can begin at any message, and one that is there can be read. */
export function mayThread(message: Message, canWrite: boolean, reach: Reach): boolean {
  return (
    reach.openThread !== null && message.event !== null && (message.thread !== null || mayReply(message, canWrite))
  );
}

export function mayCopy(message: Message): boolean {
  return copyText(message.body) !== '';
}

export function mayEdit(message: Message): boolean {
  return message.editable && message.event !== null;
}

export function mayDelete(message: Message): boolean {
  return message.deletable && message.event !== null;
}

export function mayStar(message: Message): boolean {
  return message.event !== null && message.body.kind !== 'deleted';
}

/** Whether there is anything to do at all. */
export function hasActions(message: Message, canWrite: boolean): boolean {
  return mayReact(message, canWrite) || mayCopy(message) || mayStar(message) || mayDelete(message);
}

/** The menu of a message; `anchor` is where a reaction is chosen. */
export function entries(message: Message, canWrite: boolean, reach: Reach, anchor: Element): MenuEntry[] {
  const { body } = message;
  const file =
    body.kind === 'file'
      ? body.file
      : body.kind === 'video'
        ? body.video.file
        : body.kind === 'audio' || body.kind === 'voice'
          ? body.sound.file
          : null;
  const all: (MenuEntry | false)[] = [
    mayReact(message, canWrite) && {
      kind: 'action',
      icon: 'smile-plus',
      label: say('message.react'),
      keys: '+',
      run: () => {
        reach.pickReaction(message, anchor);
      },
    },
    mayReply(message, canWrite) && {
      kind: 'action',
      icon: 'reply',
      label: say('message.reply'),
      keys: 'R',
      run: () => {
        reach.reply(message);
      },
    },
    mayThread(message, canWrite, reach) && {
      kind: 'action',
      icon: 'thread',
      label: say(canWrite ? 'thread.replyIn' : 'thread.open'),
      keys: 'T',
      run: () => {
        if (message.event !== null) reach.openThread?.(message.event);
      },
    },
    mayEdit(message) && {
      kind: 'action',
      icon: 'pencil',
      label: say('message.edit'),
      keys: 'E',
      run: () => {
        reach.edit(message);
      },
    },
    mayCopy(message) && {
      kind: 'action',
      icon: 'copy',
      label: say('message.copy'),
      keys: 'C',
      run: () => {
        reach.copy(message);
      },
    },
    mayStar(message) && {
      kind: 'action',
      icon: message.starred ? 'star-fill' : 'star',
      label: say(message.starred ? 'message.unstar' : 'message.star'),
      keys: 'S',
      run: () => {
        reach.star(message);
      },
    },
    file !== null && {
      kind: 'action',
      icon: 'download',
      label: say('file.saveThis'),
      run: () => void reach.saved(file),
    },
    mayDelete(message) && { kind: 'rule' },
    mayDelete(message) && {
      kind: 'action',
      icon: 'trash',
      label: say('message.delete'),
      keys: say('key.delete'),
      danger: true,
      run: () => {
        reach.remove(message);
      },
    },
  ];
  const there = all.filter((entry) => entry !== false);
  return there[0]?.kind === 'rule' ? there.slice(1) : there;
}

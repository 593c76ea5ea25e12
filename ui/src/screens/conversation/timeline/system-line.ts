/** A line about the room itself, as a sentence and an icon. */
import type { Role, SystemLine, Who } from '../../../backend/backend';
import type { IconName } from '../../../design';
import { say, type Word } from '../../../words';

const ICON: Record<SystemLine['kind'], IconName> = {
  created: 'chats',
  joined: 'user-plus',
  left: 'logout',
  invited: 'user-plus',
  invitationDeclined: 'logout',
  invitationWithdrawn: 'logout',
  removed: 'logout',
  banned: 'ban',
  unbanned: 'user-check',
  knocked: 'hand',
  knockWithdrawn: 'hand',
  knockRefused: 'hand',
  nameChanged: 'user',
  pictureChanged: 'user',
  renamed: 'pencil',
  topic: 'pencil',
  picture: 'image',
  encrypted: 'lock',
  encryptionKept: 'shield-alert',
  roles: 'key',
  permissions: 'key',
  pinned: 'pin',
  unpinned: 'pin',
  moved: 'arrow-right',
  visibility: 'eye',
  guests: 'users',
  joinRule: 'users',
  callJoined: 'phone',
  callLeft: 'phone',
  several: 'users',
};

const ROLE: Record<Role, Word> = {
  admin: 'system.role.admin',
  moderator: 'system.role.moderator',
  member: 'system.role.member',
};

export function lineIcon(line: SystemLine): IconName {
  return ICON[line.kind];
}

/** A line that a person should not miss. */
export function isWarning(line: SystemLine): boolean {
  return line.kind === 'encryptionKept';
}

/** At the beginning of a sentence. */
function subject(who: Who): string {
  return who.me ? say('system.You') : who.name;
}
function object(who: Who): string {
  return who.me ? say('system.you') : who.name;
}

/** A list as a sentence has it: "a, b and c". */
function listed(parts: string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : say('system.and', { first: parts.slice(0, -1).join(', '), last });
}

/** Several quiet lines, in one. */
export function folded(line: Extract<SystemLine, { kind: 'several' }>): string {
  const parts = [
    line.names > 0 ? say('system.several.names', { count: line.names }) : '',
    line.pictures > 0 ? say('system.several.pictures', { count: line.pictures }) : '',
    line.calls > 0 ? say('system.several.calls', { count: line.calls }) : '',
  ].filter(Boolean);
  return listed(parts);
}

export function sentence(line: SystemLine): string {
  if (line.kind === 'several') return folded(line);
  const who = subject(line.who);
  switch (line.kind) {
    case 'invited':
    case 'invitationWithdrawn':
    case 'unbanned':
    case 'knockRefused':
      return say(`system.${line.kind}`, { who, whom: object(line.whom) });
    case 'removed':
    case 'banned': {
      const said = say(`system.${line.kind}`, { who, whom: object(line.whom) });
      return line.reason === '' ? said : say('system.reason', { said, reason: line.reason });
    }
    case 'nameChanged':
      return line.who.me
        ? say('system.nameChanged.own', { name: line.name })
        : say('system.nameChanged', { who, name: line.name });
    case 'renamed':
      return line.name === '' ? say('system.renamedGone', { who }) : say('system.renamed', { who, name: line.name });
    case 'topic':
      return line.topic === '' ? say('system.topicGone', { who }) : say('system.topic', { who, topic: line.topic });
    case 'picture':
      return say(line.removed ? 'system.pictureGone' : 'system.picture', { who });
    case 'roles': {
      const changes = line.changes.map(({ whom, role }) => say(ROLE[role], { whom: object(whom) }));
      return say('system.roles', { who, changes: listed(changes) });
    }
    case 'moved':
      return line.room === null ? say('system.movedNowhere', { who }) : say('system.moved', { who });
    case 'visibility':
      return say(`system.visibility.${line.visibility}`, { who });
    case 'guests':
      return say(line.allowed ? 'system.guests' : 'system.guestsNot', { who });
    case 'joinRule':
      return say(`system.joinRule.${line.rule}`, { who });
    default:
      return say(`system.${line.kind}`, { who });
  }
}

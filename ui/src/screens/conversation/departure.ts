/** A chat that this person is not in any more, in words. */
import type { ConversationHeader } from '../../backend/backend';
import { say } from '../../words';
import { firstName } from './message/spoken';

/** Above the conversation; `null` where there is nothing to say. */
export function departureLine({ departure }: ConversationHeader): string | null {
  if (departure?.kind !== 'removed') return null;
  return departure.by === null ? say('header.gone') : say('header.removed', { name: firstName(departure.by) });
}

/** In the place of the composer; `null` where there is nothing to say. */
export function departureSentence({ departure, name }: ConversationHeader): string | null {
  if (departure?.kind !== 'removed') return null;
  return departure.by === null
    ? say('departure.gone', { chat: name })
    : say('departure.removed', { name: firstName(departure.by), chat: name });
}

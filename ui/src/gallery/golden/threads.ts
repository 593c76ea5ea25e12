/** What is answered in threads of the golden organisation. */
import type { EventId, Item } from '../../backend/backend';
import { at, HARBOUR } from './chats';
import { conversations, message, NO_DRAFT, text, type Golden } from './conversations';
import { leila, marta, priya, samir } from './people';

const harbour = conversations.get(HARBOUR);
if (!harbour) throw new Error('the gallery has no Harbour Ops');
const root = harbour.items.find(({ key }) => key === 'h1');
if (!root) throw new Error('the gallery has no thread');

/** Four answers to the picture of ramp 3. */
const replies: Item[] = [
  message('t1', samir, at(9, 15), text('How long until it is dry?')),
  message('t2', priya, at(9, 17), text('Noon, if the sun keeps up.'), {
    reactions: [{ key: '☀️', count: 3, own: false, names: ['Samir Haddad', 'Leila Farouk', 'Noah Fischer'] }],
  }),
  message('t3', leila, at(9, 22), text('I put sand on the car lane.')),
  message('t4', marta, at(9, 26), text('Thank you both. I tell the gates.')),
];

const ramp: Golden = {
  header: { ...harbour.header, thread: '$h1', typing: [] },
  items: [root, ...replies],
  history: 'complete',
  draft: NO_DRAFT,
};

/** By their roots. */
export const threads = new Map<EventId, Golden>([['$h1', ramp]]);

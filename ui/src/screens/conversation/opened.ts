/** What the tests of a conversation share: one is opened in a fake engine, and asked about. */
import { render, screen } from '@testing-library/svelte';

import type { ConversationHeader, History, Item, Message, SavedDraft, Target } from '../../backend';
import { FakeBackend } from '../../backend/fake';
import { text } from '../../gallery/conversation-messages';
import { chats, HARBOUR, NOW } from '../../gallery/golden/chats';
import { conversations, message } from '../../gallery/golden/conversations';
import { account, marta } from '../../gallery/golden/people';
import { settled } from '../../test/app';
import { Asked } from '../../test/asked.svelte';
import { clock } from '../../words/clock.svelte';
import Conversation from './Conversation.svelte';

export interface Setup {
  room?: string;
  items?: Item[];
  header?: Partial<ConversationHeader>;
  history?: History;
  draft?: string | SavedDraft;
  newer?: History;
  at?: Target;
  onBack?: () => void;
  before?: (backend: FakeBackend) => void;
}

/** A conversation, opened in a fake engine. */
export async function open(
  setup: Setup = {},
): Promise<FakeBackend & { container: Element; unmount: () => void; goTo: (at: Target) => Promise<void> }> {
  const room = setup.room ?? HARBOUR;
  const known = conversations.get(room);
  if (!known) throw new Error(room);
  clock.fix(NOW);
  const backend = new FakeBackend({
    state: {
      screen: { kind: 'chats', account },
      connection: { kind: 'online' },
      unreadChats: 0,
      theme: 'light',
      listWidth: null,
    },
    chats,
    conversations: new Map([
      [
        room,
        {
          header: { ...known.header, typing: [], ...setup.header },
          items: setup.items ?? [],
          history: setup.history ?? 'complete',
          draft: typeof setup.draft === 'object' ? setup.draft : { text: setup.draft ?? '', replyTo: null },
          newer: setup.newer ?? 'complete',
        },
      ],
    ]),
    pictures: { ramp: 'media://ramp', seal: 'media://seal' },
    now: () => NOW,
  });
  setup.before?.(backend);
  const at = new Asked<Target | null>(setup.at ?? null);
  const { container, unmount } = render(Conversation, {
    account: account.account,
    room,
    get at() {
      return at.value;
    },
    backend,
    onBack: setup.onBack ?? null,
  });
  await settled();
  /** Somebody outside asks for a place. */
  async function goTo(target: Target): Promise<void> {
    at.value = target;
    await settled();
  }
  return Object.assign(backend, { container, unmount, goTo });
}

/** How often a verb was called, and with what. */
export function verbs(backend: FakeBackend, verb: string): unknown[][] {
  return backend.calls.filter((call) => call.verb === verb).map(({ args }) => args);
}
/** The composer's field. */
export function field(): HTMLTextAreaElement {
  return screen.getByRole<HTMLTextAreaElement>('textbox', { name: /^Message / });
}
/** A message by what is said of it. */
export function article(words: string | RegExp): HTMLElement {
  return screen.getByRole('article', { name: typeof words === 'string' ? new RegExp(words) : words });
}
/** A message of this person. */
export const own = (key: string, more: Partial<Message>): Item =>
  message(key, marta, NOW, text('Gate 2 is clear.'), more);

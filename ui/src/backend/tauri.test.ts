import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Backend } from './backend';
import { tauri } from './tauri';

type Verb = Exclude<keyof Backend, 'firstPaint' | 'mediaUrl' | 'timing'>;

/** Every verb with its arguments by name, as backend.ts declares them; `channel` stands for a sink. */
const VERBS: Record<Verb, Record<string, unknown>> = {
  subscribeApp: { channel: true },
  subscribeChats: { account: 'a', channel: true },
  discover: { address: 'x.example' },
  signIn: { signIn: { address: 'x.example', user: 'u', password: 'p' } },
  signOut: { account: 'a' },
  unlock: { account: 'a', signIn: null },
  repair: { account: 'a', signIn: null },
  careRead: { account: 'a' },
  signInAgain: { account: 'a', password: 'p' },
  openChat: { account: 'a', room: '!r', target: { kind: 'end' }, channel: true },
  openThread: { account: 'a', room: '!r', root: '$e', target: { kind: 'unread' }, channel: true },
  loadOlder: { conversation: 1 },
  fetchHistory: { account: 'a', room: null },
  stopHistory: { account: 'a', room: '!r' },
  loadNewer: { conversation: 1 },
  jump: { conversation: 1, target: { kind: 'event', event: '$e' } },
  closeChat: { conversation: 1 },
  sendMessage: { account: 'a', room: '!r', draft: { text: 't', replyTo: null, mentions: [], thread: null } },
  retrySend: { account: 'a', transaction: 't' },
  discardSend: { account: 'a', transaction: 't' },
  messageText: { account: 'a', room: '!r', event: '$e' },
  editMessage: {
    account: 'a',
    room: '!r',
    event: '$e',
    draft: { text: 't', replyTo: null, mentions: [], thread: null },
  },
  redact: { account: 'a', room: '!r', event: '$e' },
  sendReaction: { account: 'a', room: '!r', event: '$e', key: '👍' },
  removeReaction: { account: 'a', room: '!r', event: '$e', key: '👍' },
  vote: { account: 'a', room: '!r', poll: '$e', answers: ['b'] },
  endPoll: { account: 'a', room: '!r', poll: '$e' },
  followMove: { account: 'a', room: '!r' },
  markChatRead: { account: 'a', room: '!r' },
  playedMedia: { account: 'a', media: 'm' },
  markRead: { account: 'a', room: '!r', thread: null, event: '$e' },
  markUnread: { account: 'a', room: '!r', unread: true },
  saveDraft: { account: 'a', room: '!r', thread: '$e', text: 't', replyTo: null },
  setTyping: { account: 'a', room: '!r', typing: true },
  answerInvitation: { account: 'a', room: '!r', join: true },
  setStarred: { account: 'a', room: '!r', event: '$e', starred: true },
  leaveChat: { account: 'a', room: '!r' },
  chatInfo: { account: 'a', room: '!r' },
  chatParts: { account: 'a', room: '!r', kind: 'media', cursor: null },
  storage: { account: 'a' },
  removeSetAside: { account: 'a' },
  setRetention: { account: 'a', days: 90 },
  setUpRecovery: { account: 'a' },
  recover: { account: 'a', key: 'k' },
  exportKeys: { account: 'a', passphrase: 'p' },
  importKeys: { account: 'a', file: [1], passphrase: 'p' },
  search: { account: 'a', request: { text: 't', room: null, scope: 'all', cursor: null } },
  rebuildSearch: { account: 'a', channel: true },
  setAttention: { attention: { focused: true, room: null } },
  openLink: { href: 'https://x.example/' },
  saveFile: { account: 'a', media: 'm' },
  setListWidth: { width: 320 },
  setTheme: { theme: 'dark' },
  tryNow: {},
};

function snake(verb: string): string {
  return verb.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

afterEach(() => {
  clearMocks();
  delete window.__TIDINGS_FIRST_PAINT__;
});

describe('the real door', () => {
  it.each(Object.entries(VERBS))('%s is the command of the same name, with the same arguments', async (verb, args) => {
    const heard = vi.fn();
    mockIPC((command, payload) => heard(command, payload));
    const values = Object.entries(args).map(([name, value]) => (name === 'channel' ? () => undefined : value));
    await (tauri[verb as Verb] as (...all: unknown[]) => Promise<unknown>)(...values);
    const [command, payload] = heard.mock.calls[0] as [string, Record<string, unknown>];
    expect(command).toBe(snake(verb));
    expect(Object.keys(payload ?? {})).toEqual(Object.keys(args));
    for (const [name, value] of Object.entries(args)) if (name !== 'channel') expect(payload[name]).toEqual(value);
  });

  it('shows first what was put into the window', () => {
    expect(tauri.firstPaint()).toBeNull();
    const first = { app: { kind: 'open', account: 'a', room: '!r' }, chats: { kind: 'reset', rows: [] } } as const;
    window.__TIDINGS_FIRST_PAINT__ = { app: first.app, chats: { kind: 'reset', rows: [] } };
    expect(tauri.firstPaint()).toEqual(first);
  });

  it('asks our own scheme for pictures, never the network', () => {
    expect(tauri.mediaUrl('a1', 'b2')).toBe('media://localhost/a1/b2');
    expect(tauri.mediaUrl('a/..', '../x?y')).toBe('media://localhost/a%2F../..%2Fx%3Fy');
  });
});

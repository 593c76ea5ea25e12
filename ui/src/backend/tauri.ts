/** The real door: every verb is the command of the same name in snake case; streams come through a channel. */
import { Channel, invoke } from '@tauri-apps/api/core';

import type { AppUpdate, Backend, ChatListUpdate } from './backend';

declare global {
  interface Window {
    /** Put here by the window's initialization script, before the page runs. */
    __TIDINGS_FIRST_PAINT__?: { app: AppUpdate; chats: ChatListUpdate } | null;
  }
}

function channel<T>(sink: (update: T) => void): Channel<T> {
  return new Channel<T>(sink);
}

/** Windows serves our own schemes over a host name; the other systems as they are. */
const media = navigator.userAgent.includes('Windows') ? 'http://media.localhost' : 'media://localhost';

export const tauri: Backend = {
  firstPaint: () => window.__TIDINGS_FIRST_PAINT__ ?? null,
  subscribeApp: (sink) => invoke('subscribe_app', { channel: channel(sink) }),
  subscribeChats: (account, sink) => invoke('subscribe_chats', { account, channel: channel(sink) }),

  discover: (address) => invoke('discover', { address }),
  signIn: (signIn) => invoke('sign_in', { signIn }),
  signOut: (account) => invoke('sign_out', { account }),
  unlock: (account, signIn) => invoke('unlock', { account, signIn }),
  repair: (account, signIn) => invoke('repair', { account, signIn }),
  careRead: (account) => invoke('care_read', { account }),
  signInAgain: (account, password) => invoke('sign_in_again', { account, password }),

  openChat: (account, room, target, sink) => invoke('open_chat', { account, room, target, channel: channel(sink) }),
  openThread: (account, room, root, target, sink) =>
    invoke('open_thread', { account, room, root, target, channel: channel(sink) }),
  loadOlder: (conversation) => invoke('load_older', { conversation }),
  fetchHistory: (account, room) => invoke('fetch_history', { account, room }),
  stopHistory: (account, room) => invoke('stop_history', { account, room }),
  loadNewer: (conversation) => invoke('load_newer', { conversation }),
  jump: (conversation, target) => invoke('jump', { conversation, target }),
  closeChat: (conversation) => invoke('close_chat', { conversation }),

  sendMessage: (account, room, draft) => invoke('send_message', { account, room, draft }),
  retrySend: (account, transaction) => invoke('retry_send', { account, transaction }),
  discardSend: (account, transaction) => invoke('discard_send', { account, transaction }),
  messageText: (account, room, event) => invoke('message_text', { account, room, event }),
  editMessage: (account, room, event, draft) => invoke('edit_message', { account, room, event, draft }),
  redact: (account, room, event) => invoke('redact', { account, room, event }),
  sendReaction: (account, room, event, key) => invoke('send_reaction', { account, room, event, key }),
  removeReaction: (account, room, event, key) => invoke('remove_reaction', { account, room, event, key }),
  vote: (account, room, poll, answers) => invoke('vote', { account, room, poll, answers }),
  endPoll: (account, room, poll) => invoke('end_poll', { account, room, poll }),
  followMove: (account, room) => invoke('follow_move', { account, room }),
  markChatRead: (account, room) => invoke('mark_chat_read', { account, room }),
  markRead: (account, room, thread, event) => invoke('mark_read', { account, room, thread, event }),
  markUnread: (account, room, unread) => invoke('mark_unread', { account, room, unread }),
  saveDraft: (account, room, thread, text, replyTo) => invoke('save_draft', { account, room, thread, text, replyTo }),
  setTyping: (account, room, typing) => invoke('set_typing', { account, room, typing }),
  answerInvitation: (account, room, join) => invoke('answer_invitation', { account, room, join }),
  setStarred: (account, room, event, starred) => invoke('set_starred', { account, room, event, starred }),
  leaveChat: (account, room) => invoke('leave_chat', { account, room }),

  chatInfo: (account, room) => invoke('chat_info', { account, room }),
  chatParts: (account, room, kind, cursor) => invoke('chat_parts', { account, room, kind, cursor }),

  search: (account, request) => invoke('search', { account, request }),
  rebuildSearch: (account, sink) => invoke('rebuild_search', { account, channel: channel(sink) }),

  storage: (account) => invoke('storage', { account }),
  removeSetAside: (account) => invoke('remove_set_aside', { account }),
  setRetention: (account, days) => invoke('set_retention', { account, days }),

  setUpRecovery: (account) => invoke('set_up_recovery', { account }),
  recover: (account, key) => invoke('recover', { account, key }),
  exportKeys: (account, passphrase) => invoke('export_keys', { account, passphrase }),
  importKeys: (account, file, passphrase) => invoke('import_keys', { account, file, passphrase }),

  setAttention: (attention) => invoke('set_attention', { attention }),
  openLink: (href) => invoke('open_link', { href }),
  saveFile: (account, media) => invoke('save_file', { account, media }),
  setListWidth: (width) => invoke('set_list_width', { width }),
  setTheme: (theme) => invoke('set_theme', { theme }),
  tryNow: () => invoke('try_now'),

  playedMedia: (account, media) => invoke('played_media', { account, media }),
  mediaUrl: (account, ref) => `${media}/${encodeURIComponent(account)}/${encodeURIComponent(ref)}`,
  timing(mark, detail) {
    // A moment that could not be written down is no reason to trouble anyone.
    invoke('timing', { mark, detail: detail ?? null }).catch(() => undefined);
  },
};

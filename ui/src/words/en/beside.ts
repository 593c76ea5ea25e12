/** What stands beside a conversation: a thread, and what is known of the chat. */
export const beside = {
  'drawer.back': 'Back to the chat',

  // A thread
  'thread.title': 'Thread',
  'thread.label': 'Thread in {name}',
  'thread.close': 'Close thread',
  'thread.open': 'Open thread',
  'thread.replyIn': 'Reply in thread',
  'thread.reply': 'Reply in thread',
  'thread.unread': '{count, plural, one {# unread} other {# unread}}',
  'thread.empty': 'No replies yet.',
  'thread.emptyText': 'Write the first one below.',
  'thread.failed': 'This thread did not open.',
} as const;

/** What belongs to the window as a whole: regions, connection, account. Numbers are those of the design's list of words. */
export const app = {
  'app.name': 'Tidings',
  'app.starting': 'Tidings is starting',
  'region.rail': 'Main',
  'region.chats': 'Chats',

  // 8
  'offline.lead': 'You are offline.',
  'offline.rest': 'You can read and write; messages go out by themselves when the connection is back.',
  'offline.asOf': 'Up to date as of {time}.',
  // 9
  'silent.lead': '{organisation} does not answer.',
  'silent.rest': 'Your own connection works. What you write is kept and goes out later.',
  'captive.lead': 'This network asks you to sign in first.',
  'captive.rest': 'Open your browser to do so. What you write is kept and goes out later.',
  'full.lead': 'The disk of this computer is full.',
  'full.rest':
    'Nothing is lost: new messages wait on the server of {organisation}. Free some space and it goes on by itself.',
  'care.wentBack.lead': 'Your files on this computer went back to an earlier state.',
  'care.wentBack.rest':
    'What {organisation} has is fetched again. A draft or message you wrote last may be missing, and unsent ones wait for you, so that nothing is sent twice.',
  'care.rebuilt.lead': 'The file with your chats was damaged, and a new one is being filled.',
  'care.rebuilt.rest': 'Your chats come back from {organisation}. Drafts and unsent messages were saved.',
  'care.rebuilt.lost':
    'Your chats come back from {organisation}. Some drafts or unsent messages could not be read; the damaged file is kept.',
  'care.serverWentBack.lead': 'The server of {organisation} has lost messages that are still here.',
  'care.serverWentBack.rest':
    'It may have been restored from an older copy. Nothing on this computer was removed; others may not see the newest messages any more. Tell IT help if they did not announce it.',
  'care.read': 'Close',
  'advice.recovery': 'Save your recovery key, so that you can always get back in.',
  'advice.recovery.do': 'Save it',
  'advice.later': 'Not now',
  // 4
  'untrusted.lead': 'Tidings cannot be sure that this is {organisation}, so it did not connect.',
  'untrusted.rest': 'Nothing was sent. Ask IT help before you go on.',
  'unsupported.lead': 'The server of {organisation} is too old for this Tidings.',
  'unsupported.rest': 'Your chats stay as they are. Ask IT help.',
  // 20
  'ended.lead': 'Sign in again to go on.',
  'ended.rest': 'Your chats and drafts are still here.',
  'ended.again': 'Sign in again',
  connecting: 'Connecting to {organisation}',
  'connection.back': 'You are online again.',
  tryNow: 'Try now',
  tryAgain: 'Try again',
  details: 'Details',
  'details.copy': 'Copy',
  close: 'Close',
  cancel: 'Cancel',

  'again.title': 'Sign in again',
  'again.text': 'With the password of {user} at {organisation}.',

  'account.menu': '{name}, account',
  'theme.heading': 'Colours',
  'theme.system': 'System',
  'theme.light': 'Light',
  'theme.dark': 'Dark',
  shortcuts: 'Keyboard shortcuts',
  signOut: 'Sign out',
  'signOut.title': 'Sign out of {organisation}?',
  'signOut.text':
    'Your chats, drafts and unsent messages are erased from this computer. What was sent stays on the server of {organisation} and on your other devices.',
  'signOut.erased': 'Your chats, drafts and unsent messages are erased from this computer.',
  'signOut.off': 'Older encrypted messages cannot be read again without a recovery key, and you have none.',
  'signOut.off.rest': 'Set up recovery first, or they stay readable only on a device of yours that stays signed in.',
  'signOut.elsewhere': 'Your recovery key was not used on this computer.',
  'signOut.elsewhere.rest':
    'Encrypted messages that only this computer can read are lost. Use the key first, and they are kept.',
  'signOut.unknown': 'Older encrypted messages cannot be read again without a recovery key.',
  'signOut.unknown.rest':
    'Tidings could not find out yet whether you have one. Keep yours at hand, or set up recovery.',
  'signOut.stay': 'Stay signed in',
  'failed.lead': 'That did not work.',

  'shortcuts.title': 'Keyboard shortcuts',
  'shortcuts.search': 'Find a chat',
  'shortcuts.next': 'Next or previous chat',
  'shortcuts.nextUnread': 'Next or previous unread chat',
  'shortcuts.markUnread': 'Mark the open chat as unread',
  'shortcuts.info': 'Info about the open chat',
  'shortcuts.message': 'A message: reply, thread, edit, react, copy, star, delete',
  'shortcuts.regions': 'Next or previous part of the window',
  'shortcuts.list': 'Move in a list; open',
  'shortcuts.type': 'Jump to a name in the list',
  'shortcuts.typeKeys': 'Type it',
  'shortcuts.send': 'Send',
  'shortcuts.line': 'New line',
  'shortcuts.back': 'Step back',
  'shortcuts.this': 'This list',
} as const;

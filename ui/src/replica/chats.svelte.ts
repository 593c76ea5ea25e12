import type { ChatListUpdate, ChatRow } from '../backend/bindings';
import { applied } from './apply';

/** The chat list as the engine last told it. */
export class ChatsReplica {
  /** `null` until the first reset: not known is not empty. */
  rows = $state.raw<ChatRow[] | null>(null);

  apply(update: ChatListUpdate): void {
    this.rows = update.kind === 'reset' ? update.rows : applied(this.rows ?? [], update.ops);
  }
}

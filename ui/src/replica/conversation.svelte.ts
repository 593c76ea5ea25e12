import type { ConversationHeader, ConversationUpdate, History, Item, Landing, SavedDraft } from '../backend/bindings';
import { applied } from './apply';

/** An open conversation as the engine last told it. */
export class ConversationReplica {
  /** `null` until the first reset. */
  header = $state.raw<ConversationHeader | null>(null);
  /** Oldest first. */
  items = $state.raw<Item[]>([]);
  history = $state.raw<History>('more');
  /** What lies after the newest row; `complete` where new messages appear as they come. */
  newer = $state.raw<History>('complete');
  /** Where the window stands since the last reset. */
  landing = $state.raw<Landing>({ kind: 'unread' });
  /** What was left in the composer, as of the last reset. */
  draft = $state.raw<SavedDraft>({ text: '', replyTo: null });
  /** How many resets there were: a new one is a new place. */
  resets = $state.raw(0);

  apply(update: ConversationUpdate): void {
    switch (update.kind) {
      case 'reset':
        this.header = update.header;
        this.items = update.items;
        this.history = update.history;
        this.newer = update.newer;
        this.landing = update.landing;
        this.draft = update.draft;
        this.resets += 1;
        break;
      case 'header':
        this.header = update.header;
        break;
      case 'patch':
        this.items = applied(this.items, update.ops);
        break;
      case 'newer':
        this.newer = update.newer;
        break;
      case 'history':
        this.history = update.history;
        break;
    }
  }
}

import type { AccountId, AppState, AppUpdate, RoomId } from '../backend/bindings';

/** The program as the engine last told it. */
export class AppReplica {
  /** `null` until the first reset. */
  state = $state.raw<AppState | null>(null);
  /** A chat the person asked for outside the window (a notification). A new object each time. */
  opened = $state.raw<{ account: AccountId; room: RoomId } | null>(null);

  apply(update: AppUpdate): void {
    if (update.kind === 'reset') this.state = update.state;
    else this.opened = { account: update.account, room: update.room };
  }
}

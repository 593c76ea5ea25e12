/** Places that a jump has left, to go back to and forward again (UX section 7). */
import type { EventId, RoomId, Target } from '../../backend';

/** Somewhere in a chat, or in a thread of it. */
export interface Place {
  readonly room: RoomId;
  readonly at: Target;
  readonly thread: EventId | null;
}

/** More than anybody remembers. */
const LONGEST = 50;

export class Trail {
  #back: Place[] = [];
  #forward: Place[] = [];

  /** A jump left this place; what lay ahead is not there any more. */
  left(place: Place): void {
    this.#back = [...this.#back, place].slice(-LONGEST);
    this.#forward = [];
  }

  /** The place before (-1) or after (1) `here`, in a chat that `exists`; `null` if there is none. */
  go(by: 1 | -1, here: Place | null, exists: (room: RoomId) => boolean): Place | null {
    const [from, to] = by === -1 ? [this.#back, this.#forward] : [this.#forward, this.#back];
    for (let place = from.pop(); place; place = from.pop()) {
      if (!exists(place.room)) continue;
      if (here) to.push(here);
      return place;
    }
    return null;
  }
}

/**
 * Decides when a message counts as read: it was on screen for one second in a focused window.
 *
 * **Invariant:** the mark only moves forward, and each place is told once.
 */

/** How long a message has to be on screen, in milliseconds (UX section 6). */
export const READ_AFTER = 1000;

/** A message of somebody else that is on screen now. */
export interface Candidate {
  /** Its event id. */
  readonly event: string;
  /** Its place in the conversation; larger is newer. Only compared within one call. */
  readonly index: number;
}

export class ReadMark {
  #since = new Map<string, number>();
  #marked: string | null = null;

  /**
   * Tell what is on screen at `now`. Returns the event to mark as read, if there is one, and when to look again, if
   * something is still waiting for its second. `indexOf` finds the place of the event marked last (older pages shift
   * places).
   */
  see(
    visible: readonly Candidate[],
    focused: boolean,
    now: number,
    indexOf: (event: string) => number | undefined,
  ): { mark: string | null; again: number | null } {
    if (!focused) {
      this.#since.clear();
      return { mark: null, again: null };
    }
    const since = new Map<string, number>();
    for (const { event } of visible) since.set(event, this.#since.get(event) ?? now);
    this.#since = since;

    const markedAt = this.#marked === null ? -1 : (indexOf(this.#marked) ?? -1);
    let mark: Candidate | null = null;
    let again: number | null = null;
    for (const candidate of visible) {
      if (candidate.index <= markedAt) continue;
      const due = (since.get(candidate.event) ?? now) + READ_AFTER;
      if (due > now) again = again === null ? due - now : Math.min(again, due - now);
      else if (mark === null || candidate.index > mark.index) mark = candidate;
    }
    if (mark !== null) this.#marked = mark.event;
    return { mark: mark?.event ?? null, again };
  }
}

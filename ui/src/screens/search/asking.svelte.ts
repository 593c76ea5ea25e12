/**
 * Asking the engine, as a person types: one question at a time, the newest next. An answer to a text that is not in the
 * field any more is dropped; what is shown stays until the next answer is there, and later pages only add to it.
 */
import { tick } from 'svelte';

import {
  failureOf,
  type AccountId,
  type Backend,
  type Failure,
  type RoomId,
  type SearchGroup,
  type SearchRequest,
  type SearchResults,
  type SearchScope,
} from '../../backend';

/** What is looked for. */
export type Question = Pick<SearchRequest, 'text' | 'room' | 'scope'>;

function same(one: Question | null, other: Question | null): boolean {
  return one?.text === other?.text && one?.room === other?.room && one?.scope === other?.scope;
}

/** A group as it is shown: with the cursor of its own next page once it was unfolded. */
export interface Group extends SearchGroup {
  /** Tells groups of one chat on several pages apart. */
  key: string;
  /** How its next hits are asked for; `undefined` while it is folded. */
  next: string | null | undefined;
}

/** Milliseconds before waiting is shown. */
const PATIENCE = 150;
/** Pages that are asked for at once while they bring only hits of chats that are there already. */
const PAGES = 5;

export class Asking {
  /** The first page of the newest answer; `null` before there was one. */
  results = $state.raw<SearchResults | null>(null);
  /** The hits, of all pages. */
  groups = $state.raw<Group[]>([]);
  /** What the answer that is shown belongs to. */
  answered = $state.raw<Question | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** A later page did not come. */
  moreFailed = $state(false);
  /** An answer takes long enough to say so. */
  slow = $state(false);
  loadingMore = $state(false);

  /** The first page, as it came. */
  #first: readonly Group[] = [];
  #next: string | null = null;
  #wanted: Question | null = null;
  #running = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What waits for the answer to what is wanted. */
  #then: (() => void)[] = [];
  /** Counts up when that is given up. */
  #dismissed = 0;

  constructor(
    private readonly backend: Backend,
    private readonly account: AccountId,
  ) {}

  /** There is another page. */
  get more(): boolean {
    return this.#next !== null && this.answered !== null;
  }

  /** Ask; `null` for nothing at all. */
  ask(question: Question | null): void {
    if (same(question, this.#wanted)) return;
    this.#wanted = question;
    this.#then = [];
    if (question === null) {
      this.#forget();
      return;
    }
    void this.#run();
  }

  /**
   * Do this to the answer of what is asked now: at once where that is shown, else when it comes. Keys that were pressed
   * faster than the answer mean that one; where it fails, or something else is asked before it, they mean nothing.
   */
  whenAnswered(act: () => void): void {
    if (same(this.#wanted, this.answered)) act();
    else if (this.#running) this.#then.push(act);
  }

  /** Whoever pressed keys went elsewhere: they mean nothing any more. */
  dismiss(): void {
    this.#then = [];
    this.#dismissed += 1;
  }

  /** Ask again what was answered; that stays as it is until the answer comes, and if none comes. */
  async refresh(): Promise<void> {
    const question = this.answered;
    if (question === null || this.#running || !same(question, this.#wanted)) return;
    try {
      const results = await this.backend.search(this.account, { ...question, cursor: null });
      if (question !== this.answered || !same(question, this.#wanted)) return;
      this.results = results;
      const groups = results.groups.map((group) => folded(group));
      // Later pages and what was unfolded stay where nothing came or went before them.
      if (outline(groups) === outline(this.#first)) return;
      this.#first = groups;
      this.groups = groups;
      this.#next = results.next;
      this.moreFailed = false;
    } catch {
      // Nobody asked for it.
    }
  }

  /** Ask again what failed. */
  retry(): void {
    this.failure = null;
    void this.#run();
  }

  /** The next page, and the one after it where it brought nothing new. */
  async loadMore(): Promise<void> {
    const question = this.answered;
    if (question === null || this.loadingMore || !same(question, this.#wanted)) return;
    this.loadingMore = true;
    this.moreFailed = false;
    try {
      for (let page = 0; page < PAGES; page += 1) {
        const cursor = this.#next;
        if (cursor === null) return;
        const results = await this.backend.search(this.account, { ...question, cursor });
        if (!same(question, this.answered)) return;
        this.#next = results.next;
        const fresh = results.groups.flatMap((group) => this.#fresh(group));
        this.groups = [...this.groups, ...fresh];
        if (fresh.length > 0) return;
      }
    } catch {
      if (same(question, this.answered)) this.moreFailed = true;
    } finally {
      this.loadingMore = false;
    }
  }

  /** What a later page adds: nothing of a chat that has a line of its own to show more. */
  #fresh(group: SearchGroup): Group[] {
    const before = this.groups.filter(({ room }) => room === group.room);
    if (before.some((one) => one.next !== undefined || one.total > one.hits.length)) return [];
    const there = before.flatMap((one) => one.hits.map((hit) => hit.event));
    const hits = group.hits.filter((hit) => !there.includes(hit.event));
    if (hits.length === 0) return [];
    return [folded({ ...group, hits, total: before.length > 0 ? hits.length : group.total })];
  }

  /** More hits of one chat, in their place. */
  async unfold(key: string): Promise<void> {
    const question = this.answered;
    const group = this.groups.find((one) => one.key === key);
    if (question === null || !group || group.next === null) return;
    const room: RoomId = group.room;
    try {
      const page = await this.backend.search(this.account, { ...question, room, cursor: group.next ?? null });
      if (!same(question, this.answered)) return;
      const there = group.hits.map((hit) => hit.event);
      const fresh = page.groups.flatMap((one) => one.hits).filter((hit) => !there.includes(hit.event));
      const hits = [...group.hits, ...fresh];
      // What was promised is what there is.
      const total = page.next === null ? hits.length : Math.max(group.total, hits.length + 1);
      this.groups = this.groups.map((one) => (one.key === key ? { ...one, hits, total, next: page.next } : one));
    } catch {
      if (same(question, this.answered)) this.moreFailed = true;
    }
  }

  /** Nothing is asked any more. */
  stop(): void {
    this.#wanted = null;
    this.dismiss();
    clearTimeout(this.#timer);
  }

  #forget(): void {
    this.results = null;
    this.#first = [];
    this.groups = [];
    this.answered = null;
    this.failure = null;
    this.moreFailed = false;
    this.#next = null;
    this.#waiting(false);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#waiting(true);
    while (this.#wanted !== null && (!same(this.#wanted, this.answered) || this.failure !== null)) {
      const question = this.#wanted;
      try {
        let results = await this.backend.search(this.account, { ...question, cursor: null });
        // What takes long to look through is looked through by and by.
        while (results.groups.length === 0 && results.next !== null && same(question, this.#wanted)) {
          const { groups, next } = await this.backend.search(this.account, { ...question, cursor: results.next });
          results = { ...results, groups, next };
        }
        if (same(question, this.#wanted)) this.#show(question, results);
      } catch (error) {
        if (same(question, this.#wanted)) {
          this.failure = failureOf(error);
          this.#then = [];
          break;
        }
      }
    }
    this.#running = false;
    this.#waiting(false);
  }

  #show(question: Question, results: SearchResults): void {
    this.failure = null;
    this.moreFailed = false;
    this.results = results;
    this.#first = results.groups.map((group) => folded(group));
    this.groups = [...this.#first];
    this.#next = results.next;
    this.answered = question;
    const then = this.#then;
    this.#then = [];
    // The screen turns to the answer first, and may put the same question in other words.
    const dismissed = this.#dismissed;
    if (then.length === 0) return;
    void tick().then(() => {
      for (const act of then) if (dismissed === this.#dismissed) this.whenAnswered(act);
    });
  }

  #waiting(on: boolean): void {
    clearTimeout(this.#timer);
    this.slow = false;
    if (on) this.#timer = setTimeout(() => (this.slow = true), PATIENCE);
  }
}

/** What is in these groups, to be compared. */
function outline(groups: readonly Group[]): string {
  return JSON.stringify(groups.map(({ room, total, hits }) => [room, total, hits]));
}

function folded(group: SearchGroup): Group {
  return { ...group, key: `${group.room} ${group.hits[0]?.event ?? ''}`, next: undefined };
}

/** All hits of a question's scope that were counted. */
export function total(results: SearchResults, scope: SearchScope): number {
  const { messages, files } = results.counts;
  if (scope === 'messages') return messages;
  return scope === 'files' ? files : messages + files;
}

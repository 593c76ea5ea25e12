/** How long messages are kept, in words. */
import { dayInSentence, say } from '../../words';
import { clock } from '../../words/clock.svelte';

const DAY = 86_400_000;

/** What is offered, in days; `null` is for good. */
export const OFFERED: readonly (number | null)[] = [null, 365, 180, 90, 30];

/** "1 year", "6 months", "90 days". */
export function period(days: number): string {
  if (days === 365) return say('keep.year');
  if (days === 180) return say('keep.months');
  return say('keep.days', { count: days });
}

/** The day from which on messages are kept. */
export function beginning(days: number): string {
  return dayInSentence(clock.now - days * DAY);
}

/** Moments in words: local and concrete, past seven days a date. */
import { clock } from './clock.svelte';

const language = 'en-GB';
const hours = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
const weekdayShort = new Intl.DateTimeFormat(language, { weekday: 'short' });
const weekdayLong = new Intl.DateTimeFormat(language, { weekday: 'long' });
const dayMonth = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
const dayMonthLong = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' });
const dayMonthOnly = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' });
const dayMonthYear = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' });
const dayMonthYearLong = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' });
const full = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short' });

/** Whole local days between two moments: 0 is the same day, 1 yesterday. */
export function daysAgo(time: number, now = clock.now): number {
  const day = new Date(time);
  const today = new Date(now);
  const start = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((start(today) - start(day)) / 86_400_000);
}

/** "09:41". */
export function clockTime(time: number): string {
  return hours.format(time);
}

/** In a list: "09:41", "Yesterday", "Mon", "3 May", "3 May 2024". */
export function listTime(time: number, now = clock.now): string {
  const days = daysAgo(time, now);
  if (days <= 0) return hours.format(time);
  if (days === 1) return 'Yesterday';
  if (days < 7) return weekdayShort.format(time);
  return new Date(time).getFullYear() === new Date(now).getFullYear()
    ? dayMonth.format(time)
    : dayMonthYear.format(time);
}

/** Over a day's messages: "Today", "Yesterday", "Monday", "Monday 3 May", "3 May 2024". */
export function dayName(time: number, now = clock.now): string {
  const days = daysAgo(time, now);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days > 0 && days < 7) return weekdayLong.format(time);
  return new Date(time).getFullYear() === new Date(now).getFullYear()
    ? dayMonthLong.format(time)
    : dayMonthYearLong.format(time);
}

/** In a sentence: "09:44", or with the day if it was not today: "yesterday, 09:44", "Monday, 09:44", "3 May, 09:44". */
export function moment(time: number, now = clock.now): string {
  const days = daysAgo(time, now);
  if (days <= 0) return hours.format(time);
  if (days === 1) return `yesterday, ${hours.format(time)}`;
  return `${days < 7 ? weekdayLong.format(time) : dayMonth.format(time)}, ${hours.format(time)}`;
}

/** A day in a sentence: "today", "yesterday", "3 May", "3 May 2024". */
export function dayInSentence(time: number, now = clock.now): string {
  const days = daysAgo(time, now);
  if (days === 0) return 'today';
  if (days === 1) return 'yesterday';
  return new Date(time).getFullYear() === new Date(now).getFullYear()
    ? dayMonthOnly.format(time)
    : dayMonthYearLong.format(time);
}

/** The whole date and time, for tooltips. */
export function fullTime(time: number): string {
  return full.format(time);
}

/** Beside a search hit: "Today 09:39", "Yesterday 09:39", "7 May, 16:20", "7 May 2024, 16:20". */
export function hitTime(time: number, now = clock.now): string {
  const days = daysAgo(time, now);
  if (days <= 0) return `Today ${hours.format(time)}`;
  if (days === 1) return `Yesterday ${hours.format(time)}`;
  const same = new Date(time).getFullYear() === new Date(now).getFullYear();
  return `${(same ? dayMonth : dayMonthYear).format(time)}, ${hours.format(time)}`;
}

/** The local day of a moment as `YYYY-MM-DD`, as search filters take it. */
export function isoDay(time: number): string {
  const at = new Date(time);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** "1 May 2025" for `2025-05-01`; `null` for what is no day. */
export function day(iso: string): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/u.exec(iso);
  if (!match) return null;
  const at = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return isoDay(at.getTime()) === iso ? dayMonthYear.format(at) : null;
}

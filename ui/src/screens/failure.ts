import type { Code } from '../backend/backend';
import { say, words, type Word } from '../words';

/** A failure in words: what happened, then what is safe and what to do. */
export function failureWords(code: Code, organisation: string): { lead: string; rest: string } {
  const lead: Word = `fail.${code}`;
  const rest: Word = `fail.${code}.rest`;
  const known = lead in words ? code : 'internal';
  return {
    lead: known === code ? say(lead, { organisation }) : say('fail.internal'),
    rest: known === code ? say(rest, { organisation }) : say('fail.internal.rest'),
  };
}

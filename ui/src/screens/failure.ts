import type { Code } from '../backend/backend';
import { say, words, type Word } from '../words';

/** A failure in words: what happened, then what is safe and what to do. An organisation without a name is one's own. */
export function failureWords(code: Code, organisation: string): { lead: string; rest: string } {
  const lead: Word = `fail.${code}`;
  const rest: Word = `fail.${code}.rest`;
  const known = lead in words;
  return {
    lead: sentence(known ? lead : 'fail.internal', organisation),
    rest: sentence(known ? rest : 'fail.internal.rest', organisation),
  };
}

function sentence(word: Word, organisation: string): string {
  if (organisation !== '') return say(word, { organisation });
  const said = say(word, { organisation: say('fail.organisation') });
  return said.charAt(0).toUpperCase() + said.slice(1);
}

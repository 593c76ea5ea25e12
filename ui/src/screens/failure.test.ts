import { describe, expect, it } from 'vitest';

import type { Code } from '../backend/backend';
import { failureWords } from './failure';

describe('a failure in words', () => {
  it('names the organisation as it is written, and without a name the own one', () => {
    expect(failureWords('serverSilent', 'skerrylines.example').lead).toBe('skerrylines.example does not answer.');
    expect(failureWords('serverSilent', '').lead).toBe('Your organisation does not answer.');
    expect(failureWords('serverUnsupported', '').lead).toBe(
      'The server of your organisation is too old for this Tidings.',
    );
  });

  it('has words for what it does not know', () => {
    expect(failureWords('newcomer' as Code, '').lead).toBe('That did not work.');
  });
});

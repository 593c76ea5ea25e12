/** What is said where nobody can be sure of a message's sender (T33: such a message never looks like any other). */
import type { Trust } from '../../../backend/backend';
import type { Word } from '../../../words';

export interface Doubt {
  readonly word: Word;
  readonly rest: Word | null;
  /** Anybody may have written it. */
  readonly grave: boolean;
}

export const doubts: Record<Trust, Doubt | null> = {
  usual: null,
  verified: null,
  unproven: null,
  unknownDevice: { word: 'trust.unknownDevice', rest: null, grave: false },
  unverifiedDevice: { word: 'trust.unverifiedDevice', rest: null, grave: false },
  // 17
  changedIdentity: { word: 'trust.changedIdentity', rest: 'trust.changedIdentity.rest', grave: true },
  notEncrypted: { word: 'message.warning', rest: 'trust.notEncrypted.rest', grave: true },
  forged: { word: 'trust.forged', rest: 'trust.forged.rest', grave: true },
};

/** A call in words, and its icon. */
import type { Call, CallState } from '../../../backend/backend';
import type { IconName } from '../../../design';
import { say, type Word } from '../../../words';
import { playTime } from '../playing';

/** Nothing rings for ever: what was not answered in its time was missed. */
export function stateNow(call: Call, now: number): CallState {
  return call.state.kind === 'ringing' && now >= call.state.until ? { kind: 'missed' } : call.state;
}

export function callTitle(video: boolean, state: CallState, own: boolean): Word {
  if (state.kind === 'missed' && !own) return video ? 'call.missedVideo' : 'call.missedVoice';
  return video ? 'call.video' : 'call.voice';
}

/** The second line; empty when the first says it all. */
export function callRest(state: CallState, own: boolean): string {
  switch (state.kind) {
    case 'ringing':
      return say('call.ringing');
    case 'started':
      return say('call.started');
    case 'answered':
      return say('call.answered');
    case 'missed':
      return own ? say('call.noAnswer') : '';
    case 'declined':
      return say('call.declined');
    case 'ended':
      return playTime(state.seconds);
  }
}

export function callIcon(video: boolean, state: CallState, own: boolean): IconName {
  if (state.kind === 'missed') return own ? 'phone-off' : 'phone-missed';
  if (state.kind === 'declined') return 'phone-off';
  if (video) return 'video';
  return own ? 'phone-out' : 'phone-in';
}

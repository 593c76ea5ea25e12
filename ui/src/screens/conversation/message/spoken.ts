/**
 * A message as one spoken line: sender, text, time, state, reactions (UX section 8).
 */
import type { Body, Delivery, Message } from '../../../backend/backend';
import { clockTime, say, type Word } from '../../../words';
import { playTime } from '../playing';
import { callRest, callTitle } from './call';
import { doubts } from './doubts';
import { placeText } from './place';
import { plainBlocks } from './plain';

/** The word a person is called by inside a sentence. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name;
}

/** What a body says, as plain text. */
export function bodyText(body: Body, own = false): string {
  switch (body.kind) {
    case 'text':
      return plainBlocks(body.blocks);
    case 'image':
      return [say('spoken.picture'), plainBlocks(body.caption)].filter(Boolean).join(', ');
    case 'video':
      return [say('mark.video'), plainBlocks(body.caption)].filter(Boolean).join(', ');
    case 'file':
      return [say('spoken.file', { name: body.file.name }), plainBlocks(body.caption)].filter(Boolean).join(', ');
    case 'audio':
      return [say('spoken.audio', { name: body.sound.file.name }), plainBlocks(body.caption)]
        .filter(Boolean)
        .join(', ');
    case 'voice':
      return body.sound.duration === null
        ? say('mark.voice')
        : say('spoken.voice', { length: playTime(body.sound.duration / 1000) });
    case 'sticker':
      return body.text === '' ? say('mark.sticker') : say('spoken.sticker', { text: body.text });
    case 'poll':
      return say('spoken.poll', { question: body.poll.question });
    case 'location':
      return say('spoken.location', { text: body.location.text || placeText(body.location.coordinates) });
    case 'call':
      return [say(callTitle(body.call.video, body.call.state, own)), callRest(body.call.state, own)]
        .filter(Boolean)
        .join(', ');
    case 'deleted':
      return say('spoken.deleted');
    case 'undecryptable':
      return say('spoken.notDecrypted');
    case 'unsupported':
      return say('spoken.unsupported');
  }
}

/** What can be copied of a message; empty if nothing can. */
export function copyText(body: Body): string {
  switch (body.kind) {
    case 'text':
      return plainBlocks(body.blocks);
    case 'image':
    case 'video':
    case 'audio':
    case 'file':
      return plainBlocks(body.caption);
    case 'poll':
      return [body.poll.question, ...body.poll.answers.map((answer) => answer.text)].join('\n');
    case 'location':
      return [body.location.text, placeText(body.location.coordinates)].filter(Boolean).join('\n');
    default:
      return '';
  }
}

const DELIVERY: Record<Delivery['kind'], Word> = {
  sending: 'send.sending',
  waiting: 'send.waiting',
  sent: 'send.sent',
  read: 'send.read',
  failed: 'send.failed',
};

/** The whole label. */
export function spoken(message: Message): string {
  const { sender, own, reply, delivery } = message;
  const text = bodyText(message.body, own);
  const doubt = doubts[message.trust];
  const parts = [
    own ? say('message.you') : sender.name,
    sender.disambiguation && !own ? sender.disambiguation : '',
    message.mentionsMe ? say('spoken.mention') : '',
    reply?.sender ? say('spoken.replyTo', { name: reply.sender.name }) : '',
    message.body.kind === 'text' && message.body.notice ? say('message.notice') : '',
    text,
    clockTime(message.time),
    message.edited ? say('spoken.edited') : '',
    message.starred ? say('message.starred') : '',
    message.pinned ? say('message.pinned') : '',
    delivery ? say(DELIVERY[delivery.kind]) : '',
    doubt ? say(doubt.word, { name: firstName(sender.name) }) : '',
    ...message.reactions.map(({ key, count }) => say('spoken.reaction', { key, count })),
    message.thread ? say('message.replies', { count: message.thread.replies }) : '',
  ];
  return parts.filter(Boolean).join(', ');
}

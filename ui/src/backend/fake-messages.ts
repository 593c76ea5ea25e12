/** What the fake engine's verbs make of a message that is there. */
import type { Body, Message, Person } from './backend';

/** Its text, as far as the fake needs it. */
export function plain(message: Message): string {
  if (message.body.kind !== 'text') return '';
  return message.body.blocks
    .flatMap((block) => (block.kind === 'paragraph' ? block.spans : []))
    .map((span) => (span.kind === 'text' ? span.text : ''))
    .join('');
}

export function edited(message: Message, text: string): Message {
  const blocks = text === '' ? [] : [{ kind: 'paragraph' as const, spans: [{ kind: 'text' as const, text }] }];
  const { body } = message;
  const next: Body =
    'caption' in body
      ? { ...body, caption: blocks }
      : { kind: 'text', blocks, notice: false, emote: false, jumbo: false };
  return { ...message, body: next, edited: true };
}

export function redacted(message: Message): Message {
  return { ...message, body: { kind: 'deleted' }, reactions: [], reply: null, editable: false, deletable: false };
}

export function reacted(message: Message, key: string, on: boolean): Message {
  const known = message.reactions.find((reaction) => reaction.key === key);
  if (!known) {
    return on
      ? { ...message, reactions: [...message.reactions, { key, count: 1, own: true, names: ['You'] }] }
      : message;
  }
  const count = known.count + (on ? 1 : -1) * (known.own === on ? 0 : 1);
  const reactions = message.reactions
    .map((reaction) => (reaction.key === key ? { ...reaction, count, own: on } : reaction))
    .filter((reaction) => reaction.count > 0);
  return { ...message, reactions };
}

export function voted(message: Message, chosen: readonly string[]): Message {
  if (message.body.kind !== 'poll') return message;
  const { poll } = message.body;
  const before = poll.answers.some((answer) => answer.chosen);
  const answers = poll.answers.map((answer) => {
    const on = chosen.includes(answer.id);
    const votes = (answer.votes ?? 1) + Number(on) - Number(answer.chosen);
    return { ...answer, chosen: on, votes: poll.secret ? null : votes };
  });
  const voters = poll.voters + Number(chosen.length > 0) - Number(before);
  return { ...message, body: { kind: 'poll', poll: { ...poll, answers, voters } } };
}

export function pollEnded(message: Message): Message {
  if (message.body.kind !== 'poll') return message;
  const { poll } = message.body;
  const most = Math.max(0, ...poll.answers.map((answer) => answer.votes ?? 0));
  const answers = poll.answers.map((answer) => {
    const votes = answer.votes ?? 0;
    return { ...answer, votes, wins: most > 0 && votes === most };
  });
  return {
    ...message,
    body: { kind: 'poll', poll: { ...poll, answers, closed: true, canVote: false, canClose: false } },
  };
}

/** A root with one more reply. */
export function answered(message: Message, by: Person, time: number): Message {
  const before = message.thread ?? { replies: 0, people: [], latest: time, unread: 0 };
  const people = before.people.some((person) => person.user === by.user) ? before.people : [...before.people, by];
  return {
    ...message,
    thread: { ...before, replies: before.replies + 1, people: people.slice(0, 3), latest: time },
  };
}

import { describe, expect, it } from 'vitest';

import { Trail, type Place } from './trail';

const place = (room: string): Place => ({ room, at: { kind: 'end' }, thread: null });
const all = () => true;

describe('the way back', () => {
  it('leads back and forward again, from where one stands', () => {
    const trail = new Trail();
    expect(trail.go(-1, place('here'), all)).toBeNull();
    trail.left(place('a'));
    trail.left(place('b'));
    expect(trail.go(-1, place('c'), all)).toEqual(place('b'));
    expect(trail.go(-1, place('b'), all)).toEqual(place('a'));
    expect(trail.go(-1, place('a'), all)).toBeNull();
    expect(trail.go(1, place('a'), all)).toEqual(place('b'));
    expect(trail.go(1, place('b'), all)).toEqual(place('c'));
  });

  it('forgets what lay ahead after another jump', () => {
    const trail = new Trail();
    trail.left(place('a'));
    trail.go(-1, place('b'), all);
    trail.left(place('a'));
    expect(trail.go(1, place('c'), all)).toBeNull();
  });

  it('leaves out chats that are gone', () => {
    const trail = new Trail();
    trail.left(place('a'));
    trail.left(place('gone'));
    expect(trail.go(-1, place('b'), (room) => room !== 'gone')).toEqual(place('a'));
  });
});

import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { ICONS } from './names';

it('every icon that has a name is in the sprite, and every one in the sprite has a name', () => {
  const sprite = readFileSync('src/design/icons/Sprite.svelte', 'utf8');
  const drawn = Array.from(sprite.matchAll(/<symbol id="i-([a-z0-9-]+)"/g), (match) => match[1]);
  expect(drawn).toEqual([...ICONS]);
});

import { render } from '@testing-library/svelte';
import { tick } from 'svelte';

import App from '../App.svelte';
import { FakeBackend } from '../backend/fake';
import { states } from '../gallery/states';
import { NOW } from '../gallery/golden/chats';
import { clock } from '../words/clock.svelte';

/** The whole page in one of the gallery's states, at the gallery's moment, with a server that answers at once. */
export async function showState(name: keyof typeof states): Promise<FakeBackend> {
  const state = states[name];
  if (!state) throw new Error(`no state ${name}`);
  clock.fix(NOW);
  const backend = new FakeBackend({ ...state.options, delay: 0 });
  render(App, { backend });
  await settled();
  await state.then?.(backend);
  await settled();
  return backend;
}

/** What was asked of the fake has come back and was drawn. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 4; round += 1) await tick();
}

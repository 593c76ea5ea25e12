/** `npm run gallery`: every screen in every state, without Rust. `?state=chats&theme=dark&dir=rtl`. */
import { mount } from 'svelte';

import '../design/tokens.css';
import '../design/base.css';

import App from '../App.svelte';
import { FakeBackend } from '../backend/fake';
import { clock } from '../words/clock.svelte';
import { NOW } from './golden/chats';
import Index from './Index.svelte';
import { pictures } from './pictures';
import { states } from './states';

const target = document.getElementById('app');
const query = new URLSearchParams(location.search);
const state = states[query.get('state') ?? ''];
const theme = query.get('theme');
const dir = query.get('dir');

if (dir === 'rtl') document.documentElement.dir = dir;
if (target && state) {
  clock.fix(NOW);
  const options = { ...state.options, pictures };
  if (theme === 'light' || theme === 'dark') options.state = { ...options.state, theme };
  const backend = new FakeBackend(options);
  Object.assign(window, { backend });
  mount(App, { target, props: { backend } });
  setTimeout(() => void state.then?.(backend), 50);
  // The contrast themes follow the system; here they can be asked for.
  if (theme?.startsWith('contrast')) setTimeout(() => (document.documentElement.dataset['theme'] = theme), 100);
} else if (target) {
  mount(Index, { target });
}

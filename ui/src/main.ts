import { mount } from 'svelte';

import './design/tokens.css';
import './design/base.css';
import { Sprite } from './design';

const target = document.getElementById('app');
if (target) mount(Sprite, { target });

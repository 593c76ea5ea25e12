import { mount } from 'svelte';

import './design/tokens.css';
import './design/base.css';

import App from './App.svelte';
import { tauri } from './backend/tauri';

const target = document.getElementById('app');
if (target) mount(App, { target, props: { backend: tauri } });

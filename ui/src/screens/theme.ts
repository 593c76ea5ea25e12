import type { Theme } from '../backend/backend';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const contrast = window.matchMedia('(prefers-contrast: more)');

/** Puts `theme` on the root, and again whenever the system's wish changes, until the returned function is called. */
export function showTheme(theme: Theme): () => void {
  const apply = () => {
    const isDark = theme === 'system' ? dark.matches : theme === 'dark';
    const name = contrast.matches ? (isDark ? 'contrast-dark' : 'contrast') : isDark ? 'dark' : 'light';
    document.documentElement.dataset['theme'] = name;
  };
  apply();
  dark.addEventListener('change', apply);
  contrast.addEventListener('change', apply);
  return () => {
    dark.removeEventListener('change', apply);
    contrast.removeEventListener('change', apply);
  };
}

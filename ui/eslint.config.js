import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

import svelteConfig from './svelte.config.js';

const tauri = { group: ['@tauri-apps/*'], message: 'Only src/backend/tauri.ts knows Tauri; use the Backend.' };

export default ts.config(
  { ignores: ['dist', 'dist-gallery', 'node_modules', 'src/backend/bindings.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    rules: {
      'no-restricted-imports': ['error', { patterns: [tauri] }],
      'no-restricted-globals': ['error', 'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'localStorage', 'eval'],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
    rules: {
      // Text from outside is drawn as text; nothing turns it into markup.
      'svelte/no-at-html-tags': 'error',
      // The content security policy refuses style attributes; `style:` directives set properties and are fine.
      'no-restricted-syntax': [
        'error',
        { selector: 'SvelteAttribute[key.name="style"]', message: 'Use a class or a style: directive.' },
      ],
      'no-undef': 'off',
      // A space that must stay is written as one.
      'svelte/no-useless-mustaches': 'off',
    },
  },
  {
    files: ['src/design/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            tauri,
            {
              group: ['**/screens/**', '**/replica/**', '**/backend/**'],
              message: 'design/ knows nothing of the domain.',
            },
          ],
        },
      ],
    },
  },
  { files: ['src/backend/tauri.ts', 'src/backend/tauri.test.ts'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['*.js', '*.ts'], languageOptions: { globals: globals.node } },
);

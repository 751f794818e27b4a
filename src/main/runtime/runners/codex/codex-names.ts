import type { CliNames } from '../cli/cli-names.js';

/** How codex is called in sentences. */
export const codexNames: CliNames = {
  label: 'Codex',
  program: 'codex',
  install: 'Install it with `npm install -g @openai/codex`',
  logIn: 'Run `codex login` as the user who runs Muster (or set CODEX_API_KEY)',
};

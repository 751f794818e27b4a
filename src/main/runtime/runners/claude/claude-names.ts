import type { CliNames } from '../cli/cli-names.js';

/** How Claude Code is called in sentences. */
export const claudeNames: CliNames = {
  label: 'Claude Code',
  program: 'claude',
  install: 'Install it with `npm install -g @anthropic-ai/claude-code`',
  logIn:
    'Run `claude` once as the user who runs Muster and log in (or set CLAUDE_CODE_OAUTH_TOKEN from `claude setup-token`, or ANTHROPIC_API_KEY)',
};

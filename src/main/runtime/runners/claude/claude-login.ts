import { access } from 'node:fs/promises';
import { join } from 'node:path';

const keys = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'] as const;

/** Where the person's own Claude Code keeps its login; on macOS it is in the keychain instead. */
export function claudeLoginFile(env: Readonly<Record<string, string | undefined>>): string {
  return join(env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? env['USERPROFILE'] ?? '/', '.claude'), '.credentials.json');
}

/** Whether the person's Claude Code has a login or a key, as far as files tell: a keychain is not opened, and counts as a login. */
export async function isClaudeLoggedIn(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  if (platform === 'darwin' || keys.some((key) => env[key])) return true;
  return access(claudeLoginFile(env)).then(
    () => true,
    () => false,
  );
}

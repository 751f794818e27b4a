import { access } from 'node:fs/promises';
import { join } from 'node:path';

const keys = ['CODEX_API_KEY', 'CODEX_ACCESS_TOKEN', 'OPENAI_API_KEY'] as const;

/** Where the person's own codex keeps its login. */
export function codexLoginFile(env: Readonly<Record<string, string | undefined>>): string {
  const home = env['CODEX_HOME'] ?? join(env['HOME'] ?? env['USERPROFILE'] ?? '/', '.codex');
  return join(home, 'auth.json');
}

/** Whether the person's codex has a login or a key; its service is not asked whether it still counts. */
export async function isCodexLoggedIn(env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  if (keys.some((key) => env[key])) return true;
  return access(codexLoginFile(env)).then(
    () => true,
    () => false,
  );
}

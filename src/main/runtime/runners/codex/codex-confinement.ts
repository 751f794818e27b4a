import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfinedTurn } from '../cli/confine-turn.js';
import type { CodexReach } from './codex-arguments.js';

/** Where codex puts the programs that it starts in its sandbox. */
const helpers = 'tmp';

/**
 * What the commands of a turn may read: of codex's own folder nothing but its helper programs, which it needs in its sandbox; not the
 * login at `login`, nor the conversations of other turns. Makes the folders that have to be there.
 */
export async function codexReach(homeDir: string, login: string, { before, readable }: ConfinedTurn): Promise<CodexReach> {
  for (const folder of [helpers, 'sessions']) await mkdir(join(homeDir, folder), { recursive: true, mode: 0o700 });
  if (before.length === 0) return { kind: 'disk', readable: [...readable, join(homeDir, helpers)] };
  const entries = await readdir(homeDir, { withFileTypes: true });
  // A link is hidden where it leads to: codex cannot put anything in its place.
  const own = entries.filter((entry) => entry.name !== helpers && !entry.isSymbolicLink()).map(({ name }) => join(homeDir, name));
  return { kind: 'jail', hidden: [login, ...own] };
}

/** Since this version permission profiles can be relied on; before it commands may read whatever codex itself may. */
export const firstWithProfiles = '0.138.0';

const numbers = (version: string): readonly number[] => (/^\d+\.\d+\.\d+/.exec(version)?.[0] ?? '').split('.').map(Number);

/** Whether codex of that version can keep its commands from reading; null or empty: a version that could not be learnt. */
export function hasProfiles(version: string | null): boolean {
  const [major = 0, minor = 0] = numbers(version ?? '');
  const [firstMajor = 0, firstMinor = 0] = numbers(firstWithProfiles);
  return major > firstMajor || (major === firstMajor && minor >= firstMinor);
}

const update = 'Update it with `npm install -g @openai/codex`';

/** What is missing of the wall between a turn's commands and the person's files, as sentences; none where it is whole. */
export function codexGaps(version: string | null, isJailed: boolean): readonly string[] {
  const name = `Codex ${version === null || version === '' ? 'of an unknown version' : version}`;
  if (isJailed)
    return hasProfiles(version)
      ? []
      : [
          `${name} cannot keep its own login from the commands that it runs; all else of the person's was out of their sight. ${update} (${firstWithProfiles} or later).`,
        ];
  return hasProfiles(version)
    ? ["There is no jail on this machine: only Codex's own sandbox kept the person's files from its commands. `muster doctor` says more."]
    : [
        `${name} ran without a jail: its commands could read every file of the person who runs Muster. ${update}, or install bubblewrap; \`muster doctor\` says more.`,
      ];
}

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitIdentity } from '../../../shared/domain/configuration.js';
import type { Configuration } from '../../../shared/domain/configuration.js';
import { createJail } from '../../runtime/jail/create-jail.js';
import { findProgram } from '../../runtime/platform/find-program.js';
import { createProcessGuardian } from '../../runtime/platform/process-guardian.js';
import { runProgram } from '../../runtime/platform/run-program.js';
import type { CliPlaces } from '../cli-places.js';
import type { Check } from './check.js';
import { fine, note, wrong } from './check.js';
import { runnerChecks } from './runner-checks.js';

/** What this machine has of git, jail and coding CLIs; what nothing uses is only a note. */
export async function machineChecks(projectDir: string, configuration: Configuration | null, places: CliPlaces): Promise<readonly Check[]> {
  const ask = asker(projectDir, places);
  const jail = await jailCheck(places);
  return [
    fine('node', process.version),
    await gitCheck(ask),
    await identityCheck(configuration, ask),
    jail,
    ...(await runnerChecks(configuration, jail, places)),
  ];
}

type Ask = (...argv: readonly [string, ...string[]]) => Promise<string | null>;

/** Runs a program shortly and gives the first line of its output; null when it is missing or fails. */
const asker =
  (dir: string, { env, clock }: CliPlaces): Ask =>
  async (...argv) => {
    const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const cwd = existsSync(dir) ? dir : tmpdir();
    const asked = await runProgram({ argv: [...argv], cwd, env: Object.fromEntries(given), timeoutMs: 10_000, maxBytes: 100_000 }, clock);
    if (asked.outcome !== 'exited' || asked.exitCode !== 0) return null;
    return asked.stdout.toString('utf8').trim().split('\n')[0] ?? '';
  };

async function gitCheck(ask: Ask): Promise<Check> {
  const version = await ask('git', '--version');
  return version === null
    ? wrong('git', 'git is not on the PATH.', 'Install git, e.g. `apt-get install git` or `brew install git`.')
    : fine('git', version);
}

async function identityCheck(configuration: Configuration | null, ask: Ask): Promise<Check> {
  const given = commitIdentity(configuration);
  if (given !== null) return fine('git identity', `${given.name} <${given.email}>, by git.identity in team_runtime.yaml`);
  const [name, email] = await Promise.all([ask('git', 'config', '--get', 'user.name'), ask('git', 'config', '--get', 'user.email')]);
  if (name && email) return fine('git identity', `${name} <${email}>`);
  const missing = [
    ...(name ? [] : ['git config --global user.name "Your Name"']),
    ...(email ? [] : ['git config --global user.email you@example.org']),
  ];
  return wrong('git identity', 'Git does not know who commits.', missing.map((command) => `\`${command}\``).join(' and '));
}

async function jailCheck({ clock, env }: CliPlaces): Promise<Check> {
  const bwrapPath = await findProgram('bwrap', '/', env);
  const folder = await mkdtemp(join(tmpdir(), 'muster-doctor-'));
  try {
    await mkdir(join(folder, 'processes'));
    const guardian = await createProcessGuardian({ ledgerDir: join(folder, 'processes'), clock, bwrapPath });
    const jail = await createJail({
      guardian,
      bwrapPath,
      nodePath: process.execPath,
      path: env['PATH'] ?? '',
      hidden: [homedir()],
      temporaryDir: folder,
    });
    await guardian.stopAll();
    if (jail.kind !== 'none') return fine('jail', `${jail.kind} works`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const why = bwrapPath === null ? 'bubblewrap is not installed' : `${bwrapPath} does not work here`;
  return note(
    'jail',
    `No jail: ${why}. What an agent wrote runs unconfined, and receipts say "with gaps".`,
    bwrapPath === null
      ? 'Install it, e.g. `apt-get install bubblewrap`.'
      : 'Let this user make user namespaces (kernel.unprivileged_userns_clone, AppArmor).',
  );
}

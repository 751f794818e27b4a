import { mkdir, realpath } from 'node:fs/promises';
import type { TurnInput } from '../../ports/runner.js';
import { programPlaces, searchPathPlaces } from './program-places.js';
import type { TurnFiles } from './turn-files.js';
import type { ShownPlace } from './turn-jail.js';
import { shown, turnJail } from './turn-jail.js';

/** What surrounds the turns of a workspace. Paths are absolute. */
export interface TurnSurroundings {
  /** bubblewrap, if a jail with it works here; null: the CLIs' own sandboxes must do alone. */
  readonly bwrapPath: string | null;
  /** What no turn may see: the person's home, the workspace, the state folder. */
  readonly hidden: readonly string[];
  /** Shown all the same: where git keeps what belongs to the checkouts. */
  readonly readable: readonly string[];
}

/** How one turn of a CLI is started so that it sees nothing of the person's but what it needs. */
export interface ConfinedTurn {
  /** Before the program; empty where there is no jail. */
  readonly before: readonly string[];
  /** The program's real path. */
  readonly program: string;
  /** What the agent's commands may read beside the system, the checkout and the session's folder. */
  readonly readable: readonly string[];
}

/** What of the CLI itself has to be there. */
export interface CliParts {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly homeDir: string;
  /** Files with a login, by the paths under which the CLI opens them. */
  readonly logins: readonly string[];
  /** Files of the turn that the CLI reads. */
  readonly files: readonly string[];
}

const certificates = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'CODEX_CA_CERTIFICATE'] as const;

const shownAll = async (paths: readonly string[]): Promise<readonly ShownPlace[]> => (await Promise.all(paths.map(shown))).flat();

/** Plans the start of a turn; the folders that it writes to must be there. */
export async function confineTurn(
  { bwrapPath, hidden, readable }: TurnSurroundings,
  input: TurnInput,
  files: TurnFiles,
  cli: CliParts,
): Promise<ConfinedTurn> {
  const program = await realpath(cli.program);
  const forCommands = [
    ...(await searchPathPlaces(cli.env['PATH'] ?? '', hidden)),
    ...(await programPlaces(program, hidden)),
    ...(await shownAll(readable)),
  ];
  const paths = [...new Set(forCommands.map(({ path }) => path))];
  if (bwrapPath === null) return { before: [], program, readable: paths };
  await mkdir(cli.homeDir, { recursive: true, mode: 0o700 });
  const ofCli = [...certificates.flatMap((name) => cli.env[name] ?? []), ...cli.files];
  const before = await turnJail({
    bwrapPath,
    hidden,
    readable: [...forCommands, ...(await shownAll(ofCli))],
    writable: await shownAll([input.sessionDir, files.temporary, cli.homeDir, ...cli.logins]),
    checkout: input.checkout,
  });
  return { before, program, readable: paths };
}

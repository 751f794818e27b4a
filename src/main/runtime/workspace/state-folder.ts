import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join, posix, resolve, win32 } from 'node:path';

/** What the places in the user's home depend on; tests give their own. */
export interface UserPlaces {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly temporary: string;
  /** Tells users of one temporary folder apart. */
  readonly user: string;
}

/** Folders and files that Muster keeps for one workspace outside of it; none of them is made here. */
export interface WorkspaceState {
  readonly root: string;
  /** Real path of the workspace, or its absolute path while it does not exist. */
  readonly workspace: string;
  readonly worktrees: string;
  readonly checkouts: string;
  readonly scratch: string;
  readonly setupCache: string;
  /** Copies of sealed journal segments and of the newest snapshot. */
  readonly copies: string;
  readonly trust: string;
  /** Under 100 bytes, so that it can be bound everywhere; on Windows the name of a pipe. Its folder is to be made with mode 0700. */
  readonly controlSocket: string;
}

/** The places of the user who runs this process. */
export const currentUserPlaces = (): UserPlaces => ({
  platform: process.platform,
  env: process.env,
  home: homedir(),
  temporary: tmpdir(),
  user: userName(),
});

function userName(): string {
  if (process.getuid) return String(process.getuid());
  return userInfo().username;
}

/** The user's state folder: $MUSTER_STATE_HOME, else the system's place for it. Absolute. */
export function stateHome(places: UserPlaces = currentUserPlaces()): string {
  const { env, home, platform } = places;
  const own = env['MUSTER_STATE_HOME'];
  if (own !== undefined && own !== '') return resolve(own);
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Muster');
  if (platform === 'win32') return win32.join(env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local'), 'Muster');
  const xdg = env['XDG_STATE_HOME'];
  const base = xdg !== undefined && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'state');
  return posix.join(base, 'muster');
}

/** What belongs to the workspace at `workspaceDir`, whichever link it is reached through. */
export function workspaceState(workspaceDir: string, places: UserPlaces = currentUserPlaces()): WorkspaceState {
  const workspace = realPathOrOwn(workspaceDir);
  const key = createHash('sha256').update(workspace).digest('hex').slice(0, 8);
  const root = join(stateHome(places), 'w', key);
  return {
    root,
    workspace,
    worktrees: join(root, 'worktrees'),
    checkouts: join(root, 'checkouts'),
    scratch: join(root, 'scratch'),
    setupCache: join(root, 'setup-cache'),
    copies: join(root, 'copies'),
    trust: join(root, 'trust.json'),
    controlSocket: controlSocket(root, key, places),
  };
}

function realPathOrOwn(dir: string): string {
  try {
    return realpathSync.native(dir);
  } catch {
    return resolve(dir);
  }
}

const longestSocketPath = 99;
const fits = (path: string): boolean => Buffer.byteLength(path) <= longestSocketPath;

function controlSocket(root: string, key: string, { platform, env, temporary, user }: UserPlaces): string {
  if (platform === 'win32') return `\\\\.\\pipe\\muster-${user}-${key}`;
  const runtimeDir = env['XDG_RUNTIME_DIR'];
  const shorter = [
    ...(runtimeDir !== undefined && posix.isAbsolute(runtimeDir) ? [posix.join(runtimeDir, 'muster', `${key}.sock`)] : []),
    posix.join(temporary, `muster-${user}`, `${key}.sock`),
  ];
  return [join(root, 'control.sock'), ...shorter].find(fits) ?? posix.join('/tmp', `muster-${user}`, `${key}.sock`);
}

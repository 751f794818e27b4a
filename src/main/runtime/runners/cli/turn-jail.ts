import { realpath } from 'node:fs/promises';
import { systemBinds } from '../../platform/system-places.js';

/** A file or folder in the jail, and what stands there; both absolute. */
export interface ShownPlace {
  readonly source: string;
  readonly path: string;
}

/** What one turn of a CLI sees beside the system's programs, and what of it it can write. Paths are absolute. */
export interface TurnJailPlaces {
  readonly bwrapPath: string;
  /** Never seen, wherever they lie: the person's home, the workspace, the state folder. */
  readonly hidden: readonly string[];
  readonly readable: readonly ShownPlace[];
  readonly writable: readonly ShownPlace[];
  /** The working directory. */
  readonly checkout: string;
}

/** The place as it stands, or none if it is not there. A link is followed once, outside, so that nobody inside can turn it. */
export async function shown(path: string): Promise<readonly ShownPlace[]> {
  try {
    return [{ source: await realpath(path), path }];
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

const bind = (option: string, { source, path }: ShownPlace): readonly string[] => [option, source, path];

/**
 * Put before the command line of a CLI. It keeps the network, which the CLI needs for its model; its processes see only each other, so
 * that no way leads through /proc to the files or the environment of others.
 */
export async function turnJail(places: TurnJailPlaces): Promise<readonly [string, ...string[]]> {
  const { bwrapPath, checkout, hidden, readable, writable } = places;
  const inCheckout = hidden.filter((folder) => folder.startsWith(`${checkout}/`));
  const isInner = ({ path }: ShownPlace): boolean => path !== checkout;
  return [
    bwrapPath,
    ...['--unshare-pid', '--unshare-ipc', '--die-with-parent'],
    ...systemBinds(hidden),
    ...(await shown('/etc/resolv.conf')).flatMap((place) => bind('--ro-bind', place)),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...readable.flatMap((place) => bind('--ro-bind', place)),
    ...['--bind', checkout, checkout],
    // A workspace in the project, where turns work in place.
    ...inCheckout.flatMap((folder) => ['--tmpfs', folder]),
    ...writable.filter(isInner).flatMap((place) => bind('--bind', place)),
    ...['--remount-ro', '/', '--chdir', checkout, '--'],
  ];
}

import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';

/** Folders of the system, which hold programs and nothing of a person's. */
const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/opt', '/nix/store', '/home/linuxbrew/.linuxbrew'];

const settings = [
  'alternatives',
  'ca-certificates',
  'fonts',
  'group',
  'hosts',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'mime.types',
  'nsswitch.conf',
  'passwd',
  'pki',
  'protocols',
  'services',
  'shells',
  'ssl',
  'terminfo',
];

/** Whether `inner` is `outer` or lies below it; both absolute and normal. */
export const isBelow = (inner: string, outer: string): boolean =>
  inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);

/** Whether the path lies in a folder that every jail shows. */
export const isBelowSystem = (path: string): boolean => systemFolders.some((system) => isBelow(path, system));

/**
 * Arguments of bubblewrap that show the system's programs and its settings read-only, and nothing else; those of `hidden` that lie below
 * a folder of the system are empty.
 */
export function systemBinds(hidden: readonly string[]): readonly string[] {
  const folders = systemFolders.flatMap((folder) => {
    if (!existsSync(folder)) return [];
    return lstatSync(folder).isSymbolicLink() ? ['--symlink', readlinkSync(folder), folder] : ['--ro-bind', folder, folder];
  });
  return [
    ...folders,
    ...settings.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
    ...hidden.filter(isBelowSystem).flatMap((folder) => ['--tmpfs', folder]),
  ];
}

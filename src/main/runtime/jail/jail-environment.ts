import type { JailCommand } from '../ports/jail.js';

/** Where the fixed environment of a jail finds its programs and may put what it needs. */
export interface JailPlaces {
  readonly path: string;
  readonly home: string;
  readonly temporary: string;
}

/** The whole environment of a command in a jail: the same on every machine, and nothing of the person's own. */
export function jailEnvironment(command: JailCommand, places: JailPlaces): Readonly<Record<string, string>> {
  return {
    PATH: places.path,
    HOME: places.home,
    TMPDIR: places.temporary,
    LANG: 'C.UTF-8',
    CI: '1',
    npm_config_cache: command.caches[0] ?? `${places.temporary}/npm-cache`,
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    ...command.env,
  };
}

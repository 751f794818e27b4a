import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>>; readonly resolved?: string }>
  >;
}

const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as Locked;

/** Folders in which node looks for a package that one at `from` asks for, nearest first. */
function placesFor(from: string, name: string): string[] {
  const parts = from.split('/node_modules/');
  const nested = parts.map((_, at) => `${parts.slice(0, parts.length - at).join('/node_modules/')}/node_modules/${name}`);
  return [...nested, `node_modules/${name}`];
}

describe('package-lock.json', () => {
  it('has the optional parts of every package for every system, without which `npm ci` refuses the file', () => {
    const missing = Object.entries(lock.packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !placesFor(place, name).some((found) => lock.packages[found])),
    );
    expect(missing).toEqual([]);
  });
});

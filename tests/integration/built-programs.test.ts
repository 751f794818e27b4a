import { readFileSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const out = join(import.meta.dirname, '../../out');

/** The programs and their parts, by their path in the output folder; the page and the preload are bundles of another kind. */
const programs = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /^(cli|chunks|electron|runtime|test)\/.*\.js$/.test(file),
);

/** What a program asks Node for by name: imports, as the bundler writes them, and what packages of the older kind require. */
const askedBy = (text: string): string[] =>
  [
    ...text.matchAll(/^(?:import|export)\b[^'"\n]*? from "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)|\b__require\("([^"]+)"\)/gm),
  ].flatMap((found) => found.slice(1).filter((name) => name !== undefined));

it('the programs bring their libraries along, so that a command reads a few files and not some five hundred', () => {
  expect(programs).toEqual(expect.arrayContaining(['cli/muster.js', 'electron/main.js', 'runtime/snapshot-program.js']));
  const asked = programs.flatMap((file) => askedBy(readFileSync(join(out, file), 'utf8')).map((name) => `${file}: ${name}`));
  expect(asked).toContain('cli/muster.js: node:fs');
  const fromElsewhere = asked.filter((line) => !/: \.{1,2}\//.test(line) && !isBuiltin(line.split(': ')[1] ?? ''));
  expect([...new Set(fromElsewhere)]).toEqual(['electron/main.js: electron']);
});

it('no program asks for names that only modules of the older kind have', () => {
  for (const file of programs)
    expect([file, ...(/\b__(?:filename|dirname)\b/.exec(readFileSync(join(out, file), 'utf8')) ?? [])]).toEqual([file]);
});

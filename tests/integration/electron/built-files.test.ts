import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { builtWindow } from '../../fixtures/electron-stage.js';

const run = promisify(execFile);
const noElectron = `--import=${join(import.meta.dirname, '..', '..', 'fixtures', 'no-electron.mjs')}`;
const cli = join(dirname(dirname(builtWindow)), 'cli', 'muster.js');

test('the built command line runs where Electron is not installed', async () => {
  const { stdout } = await run(process.execPath, [noElectron, cli, '--version']);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('the built window program does not', async () => {
  await expect(run(process.execPath, [noElectron, builtWindow])).rejects.toThrow('There is no electron here');
});

test('the built preload is one CommonJS file that asks for electron alone', async () => {
  const preload = await readFile(join(dirname(builtWindow), 'preload.cjs'), 'utf8');
  expect([...preload.matchAll(/require\(([^)]*)\)/g)].map(([, name]) => name)).toEqual(['"electron"']);
  expect(preload).not.toMatch(/^\s*(import|export) /m);
});

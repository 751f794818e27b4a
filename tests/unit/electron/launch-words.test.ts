import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { externalAddress } from '../../../src/main/electron/external-address.js';
import { readLaunchWords, wordsHandedOver } from '../../../src/main/electron/launch-words.js';

const cwd = resolve('/somewhere');

test.each([
  [['main.js', '--workspace-root', 'w'], resolve(cwd, 'w')],
  [['--workspace-root=w', '--enable-features=x'], resolve(cwd, 'w')],
  [['--workspace-root', resolve('/w')], resolve('/w')],
  [['--workspace-root'], null],
  [['--workspace-root', '--inspect'], null],
  [['--workspace-root='], null],
  [['main.js', 'w'], null],
])('%j names the workspace %s', (words, workspaceDir) => {
  expect(readLaunchWords(words, cwd)).toEqual({ workspaceDir });
});

test('a second start that hands over something else names no workspace', () => {
  expect(wordsHandedOver({ workspaceDir: 3 })).toEqual({ workspaceDir: null });
  expect(wordsHandedOver(undefined)).toEqual({ workspaceDir: null });
  expect(wordsHandedOver({ workspaceDir: '/w' })).toEqual({ workspaceDir: '/w' });
});

test('only https addresses without a name in them leave the window', () => {
  expect(externalAddress('https://example.org/a')).toBe('https://example.org/a');
  for (const address of ['http://example.org', 'https://a@example.org', 'file:///etc', 'smb://x/y', 'javascript:1', '', 'example.org'])
    expect([address, externalAddress(address)]).toEqual([address, null]);
});

import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { nodeProgram } from '../../../src/main/runtime/platform/node-program.js';

test('a process that is Node starts its children on itself', () => {
  expect(nodeProgram(undefined)).toBe(process.execPath);
});

test('a process that only embeds Node starts its children on the Node that belongs to Muster', () => {
  const program = nodeProgram('45.4.1');
  expect(path.basename(path.dirname(path.dirname(program)))).toBe('node');
  expect(existsSync(program)).toBe(true);
});

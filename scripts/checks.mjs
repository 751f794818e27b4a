import { availableParallelism } from 'node:os';
import path from 'node:path';
import { elapsedText, say, showProgress } from './progress.mjs';
import { runCaptured } from './run-captured.mjs';
import { bundledEnvironment, bundledNode, checkout } from './set-up.mjs';

const tool = (...parts) => path.join('node_modules', ...parts);
const tsc = tool('typescript', 'bin', 'tsc');
const compileCache = path.join('node_modules', '.cache', 'muster');

/**
 * One check: a program of node_modules and its arguments.
 *
 * @typedef {{ name: string, program: string, args: readonly string[] }} Check
 */

/**
 * Every static check, the longest first, so that two at a time end together.
 *
 * @type {readonly Check[]}
 */
export const STATIC_CHECKS = [
  { name: 'lint', program: tool('eslint', 'bin', 'eslint.js'), args: ['.', '--max-warnings', '0', '--no-warn-ignored'] },
  { name: 'types of main', program: tsc, args: ['-p', 'tsconfig.node.json'] },
  {
    name: 'boundaries',
    program: tool('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
    args: ['--config', '.dependency-cruiser.cjs', 'src'],
  },
  { name: 'format', program: tool('prettier', 'bin', 'prettier.cjs'), args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'types of shared', program: tsc, args: ['-p', 'tsconfig.shared.json'] },
  { name: 'types of page tests', program: tsc, args: ['-p', 'tsconfig.page-tests.json'] },
  { name: 'types of renderer', program: tsc, args: ['-p', 'tsconfig.web.json'] },
];

/** @type {Check} */
export const UNIT_TESTS = {
  name: 'unit tests',
  program: tool('vitest', 'vitest.mjs'),
  args: ['run', '--project', 'unit', '--reporter=dot'],
};

/**
 * Runs the checks, as many at a time as there are cores (at most four), with a line for each. A failed one shows its output.
 *
 * @param {readonly Check[]} checks
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks(checks, root = checkout) {
  const waiting = [...checks];
  const running = new Set();
  const total = { passed: 0, failed: 0 };
  const end = showProgress(() => `Checking: ${[...running].join(', ')}`);
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      running.add(check.name);
      const passed = await runCheck(check, root);
      running.delete(check.name);
      total[passed ? 'passed' : 'failed'] += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(4, availableParallelism())) }, worker));
  say(`Checks took ${elapsedText(end())}`);
  return total;
}

async function runCheck(check, root) {
  const started = performance.now();
  const env = { ...bundledEnvironment(root), NODE_COMPILE_CACHE: path.join(root, compileCache, 'compiled') };
  const { code, output } = await runCaptured(bundledNode(root), [check.program, ...check.args], { cwd: root, env });
  const line = `${code === 0 ? 'ok    ' : 'FAILED'} ${check.name.padEnd(18)} ${elapsedText(performance.now() - started)}`;
  say(process.stderr.isTTY ? `\r\u001b[2K${line}` : line);
  if (code !== 0) say(output.trimEnd());
  return code === 0;
}

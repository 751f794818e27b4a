#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { handOver } from './hand-over.mjs';

const NEEDED_MAJOR = 24;
const here = fileURLToPath(import.meta.url);
const program = path.resolve(path.dirname(here), '..', 'out', 'cli', 'muster.js');

/** The Node that was installed with Muster, or null. */
function bundledNode() {
  try {
    const folder = path.dirname(module.createRequire(import.meta.url).resolve('node/package.json'));
    const binary = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : null;
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

async function main() {
  if (!existsSync(program)) {
    return refuse(
      `Could not start muster: ${program} has not been built. Run \`npm run build\` in ${path.dirname(path.dirname(here))}, then try again.`,
    );
  }
  if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) {
    // Beside the program, where nobody else may write; without a place to write to it starts as before, a little later.
    module.enableCompileCache(path.join(path.dirname(program), '..', 'compiled'));
    return import(pathToFileURL(program).href);
  }
  const node = bundledNode();
  if (node === null) {
    return refuse(
      `Could not start muster: it needs Node ${NEEDED_MAJOR}, this is Node ${process.versions.node}, and the one that belongs to Muster is not installed. ` +
        `Run \`npm ci\` in ${path.dirname(path.dirname(here))}, then try again.`,
    );
  }
  return handOver(node, [here, ...process.argv.slice(2)]);
}

await main();

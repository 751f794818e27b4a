import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../runtime/platform/package-root.js';
import { commandTable } from './command-table.js';
import { realPlaces } from './real-places.js';
import { errorText, runCli } from './run-cli.js';

const manifest = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as { readonly version: string };

// A reader that goes away (`muster board | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  const message = `Could not print the answer: ${error.message}. What was asked for may be done all the same.`;
  process.stderr.write(errorText(process.argv.includes('--json'), message));
  process.exit(1);
});

// What is said beside the answer may have no reader (`muster audit --rerun 2>&1 >answer | head -1`); the work goes on without one.
process.stderr.on('error', () => undefined);

// The runtime's own timers keep no process alive; a command that waits for one (a lock, a retry) still has to come to its end.
const staysAlive = setInterval(() => undefined, 2 ** 30);
process.exitCode = await runCli(process.argv.slice(2), commandTable, manifest.version, realPlaces(manifest.version));
clearInterval(staysAlive);

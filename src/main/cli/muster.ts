import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../runtime/platform/package-root.js';

const manifest = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as { readonly version: string };

if (process.argv.includes('--version')) {
  process.stdout.write(`${manifest.version}\n`);
} else {
  process.stderr.write(`Could not run "muster ${process.argv.slice(2).join(' ')}": this build only knows --version.\n`);
  process.exitCode = 2;
}

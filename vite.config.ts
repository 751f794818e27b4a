import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** Bundles by name in the output folder: the command line, the window's main program, and the program that the crash test kills. */
function programs(): Record<string, string> {
  const entries: Record<string, string> = {
    'cli/muster': 'src/main/cli/muster.ts',
    'electron/main': 'src/main/electron/main.ts',
    // A program for a thread, found by this name from the folders beside it.
    'runtime/snapshot-program': 'src/main/runtime/snapshot-program.ts',
    'test/crash-build': 'src/main/cli/crash-build.ts',
  };
  return Object.fromEntries(Object.entries(entries).filter(([, source]) => existsSync(path.join(root, source))));
}

/** Every `bench/<name>.ts`, and the program that a runtime in them starts in a thread. */
function benches(): Record<string, string> {
  const files = readdirSync(path.join(root, 'bench')).filter((file) => file.endsWith('.ts'));
  const named = Object.fromEntries(files.map((file) => [path.basename(file, '.ts'), `bench/${file}`]));
  return { ...named, 'runtime/snapshot-program': 'src/main/runtime/snapshot-program.ts' };
}

export default defineConfig(({ mode }) => ({
  // One file to read instead of some five hundred: a command starts in a third of the time.
  ssr: { noExternal: true, external: ['electron'] },
  // CommonJS packages in it ask for the file that they are in.
  define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
  root,
  logLevel: 'warn',
  publicDir: false,
  build: {
    ssr: true,
    target: 'node24',
    outDir: mode === 'bench' ? 'out/bench' : 'out',
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      input: mode === 'bench' ? benches() : programs(),
      output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
}));

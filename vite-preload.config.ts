import path from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** The preload of the window. A sandboxed window loads CommonJS only, in one file. */
export default defineConfig({
  root,
  logLevel: 'warn',
  publicDir: false,
  build: {
    ssr: true,
    target: 'node24',
    outDir: path.join('out', 'electron'),
    emptyOutDir: false,
    sourcemap: false,
    minify: false,
    rolldownOptions: {
      input: path.join(root, 'src', 'main', 'electron', 'preload.ts'),
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
    },
  },
});

import path from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** The page: one index.html with hashed assets, for the web server and for the window. */
export default defineConfig({
  root: path.join(root, 'src', 'renderer'),
  // Relative, so that the same files serve below a loopback address and below the window's own scheme.
  base: './',
  logLevel: 'warn',
  publicDir: 'public',
  plugins: [react(), tailwind()],
  resolve: {
    // It writes a style element, which the content security policy refuses; this page never scrolls as a whole.
    alias: { 'react-remove-scroll': path.join(root, 'src', 'renderer', 'ui', 'no-scroll-lock.tsx') },
  },
  build: {
    target: 'es2023',
    outDir: path.join(root, 'out', 'web'),
    emptyOutDir: true,
    sourcemap: true,
    // An inlined font or picture is a data: address, which the policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_500,
  },
});

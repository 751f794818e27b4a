// Puts the stand-in in the place of `electron`, which only Electron itself has, and lets the test drive it over the process's channel.
import { registerHooks } from 'node:module';

const standIn = new URL('./electron-stand-in.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => next(specifier === 'electron' ? standIn : specifier, context),
});

await import('./electron-controls.ts');

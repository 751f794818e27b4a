import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { findBrowser } from './support/find-browser.js';

const SECOND = 1_000;
const browser = findBrowser();

export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: path.join(import.meta.dirname, '..', 'node_modules', '.cache', 'muster', 'e2e'),
  timeout: 60 * SECOND,
  expect: { timeout: 8 * SECOND },
  workers: 1,
  forbidOnly: process.env['CI'] !== undefined,
  projects: [
    // The built program in the real Electron; skipped, with the reason, where that was never downloaded.
    { name: 'window', testMatch: 'window.spec.ts' },
    {
      name: 'chromium',
      testIgnore: 'window.spec.ts',
      use: {
        browserName: 'chromium',
        viewport: { width: 1280, height: 800 },
        colorScheme: 'light',
        timezoneId: 'UTC',
        locale: 'en-GB',
        // A trace of every test takes a quarter of the time; `--trace retain-on-failure` records them.
        screenshot: 'only-on-failure',
        launchOptions: {
          ...(browser === null ? {} : { executablePath: browser }),
          args: [
            '--no-sandbox',
            '--disable-gpu',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
      },
    },
  ],
});

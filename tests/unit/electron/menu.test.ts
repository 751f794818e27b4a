import path from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { menuTemplate } from '../../../src/main/electron/menu.js';
import { menuActionIds } from '../../../src/shared/contract/window-messages.js';
import type { MenuActionId } from '../../../src/shared/contract/window-messages.js';

// Modules of the page look into the browser's drawer when they are loaded.
Object.assign(globalThis, { localStorage: new Map<string, string>(), window: globalThis });
Object.assign(globalThis.localStorage, { getItem: () => null });
// Named by a value: this program has no types of a browser.
const keys = path.resolve(import.meta.dirname, '../../../src/renderer/app/key-table.ts');
const { keyTable } = (await import(keys)) as { readonly keyTable: readonly { readonly keys: readonly string[] }[] };

function itemsOf(choices: { readonly isMac: boolean; readonly isDev: boolean }, sent: MenuActionId[] = []): MenuItemConstructorOptions[] {
  const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
  return flat(
    menuTemplate({ ...choices, staysInBackground: false, setStaysInBackground: () => undefined, send: (action) => void sent.push(action) }),
  );
}

const systems = [{ isMac: true }, { isMac: false }];

/** `CmdOrCtrl+Shift+.` as the page names a press. */
const pressOf = (accelerator: string): string => accelerator.replace('CmdOrCtrl', 'Mod').split('+').join(' ');

test.each(systems)('asks the page for every action that the page knows, each once (mac: $isMac)', ({ isMac }) => {
  const sent: MenuActionId[] = [];
  const items = itemsOf({ isMac, isDev: false }, sent);
  for (const item of items) if (item.id !== 'background') item.click?.({} as never, undefined, {} as never);
  expect(sent.toSorted()).toEqual([...menuActionIds].sort());
});

test.each(systems)('takes no key that the page has, and no key twice (mac: $isMac)', ({ isMac }) => {
  const accelerators = itemsOf({ isMac, isDev: true }).flatMap(({ accelerator }) =>
    typeof accelerator === 'string' ? [pressOf(accelerator)] : [],
  );
  const ofPage = keyTable.flatMap(({ keys }) => keys);
  expect(accelerators.filter((accelerator) => ofPage.includes(accelerator))).toEqual([]);
  expect(new Set(accelerators).size).toBe(accelerators.length);
  expect(accelerators).toContain('Mod N');
});

test('loads again and opens developer tools only for people who work on Muster', () => {
  const roles = (isDev: boolean): unknown[] => itemsOf({ isMac: false, isDev }).map(({ role }) => role);
  expect(roles(false)).not.toContain('reload');
  expect(roles(false)).not.toContain('toggleDevTools');
  expect(roles(true)).toContain('toggleDevTools');
});

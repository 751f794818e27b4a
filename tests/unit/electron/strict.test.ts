import { expect, test } from 'vitest';
import { strict } from '../../fakes/electron-strict.js';

test('an object of the stand-in refuses a member that it has not, by name, and may be awaited', async () => {
  const tray: { tip: string; setTitle?: string } = strict('Tray', { tip: 'Muster' });
  expect(tray.tip).toBe('Muster');
  expect(() => tray.setTitle).toThrow(
    "The stand-in of electron has no Tray.setTitle: give it one, with electron's own type, if the shell uses it.",
  );
  expect(() => (tray.setTitle = 'x')).toThrow('has no Tray.setTitle');
  expect(await Promise.resolve(tray)).toBe(tray);
});

import { expect, test } from 'vitest';
import { windowBounds } from '../../../src/main/electron/window-bounds.js';

const primary = { x: 0, y: 25, width: 1_440, height: 875 };
const left = { x: -1_920, y: 0, width: 1_920, height: 1_080 };

test('a window opens where it was, on any display', () => {
  const kept = { x: -1_500, y: 100, width: 1_200, height: 800 };
  expect(windowBounds(kept, [primary, left])).toEqual(kept);
});

test('a window whose display is gone opens in the middle of the primary one, in its own size where that fits', () => {
  expect(windowBounds({ x: -1_500, y: 100, width: 1_200, height: 800 }, [primary])).toEqual({ x: 120, y: 63, width: 1_200, height: 800 });
  expect(windowBounds({ x: 5_000, y: 100, width: 3_000, height: 2_000 }, [primary])).toEqual(primary);
});

test('a window whose title bar is above the display comes down', () => {
  expect(windowBounds({ x: 100, y: -400, width: 1_200, height: 800 }, [primary]).y).toBe(63);
});

test('a window is never smaller than the page can be drawn in, nor larger than its display', () => {
  expect(windowBounds({ x: 10, y: 30, width: 100, height: 100 }, [primary])).toMatchObject({ width: 720, height: 480 });
  expect(windowBounds(null, [{ x: 0, y: 0, width: 800, height: 600 }])).toEqual({ x: 0, y: 0, width: 800, height: 600 });
});

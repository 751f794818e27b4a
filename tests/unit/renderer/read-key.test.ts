import { describe, expect, test } from 'vitest';
import { pressName, readKey } from '../../../src/renderer/app/read-key.js';
import type { FocusPlace, KeyScope, Press } from '../../../src/renderer/app/read-key.js';

const table: readonly { id: string; keys: readonly string[]; scope: KeyScope }[] = [
  { id: 'palette', keys: ['Mod K'], scope: 'always' },
  { id: 'up', keys: ['K', 'ArrowUp'], scope: 'board' },
  { id: 'select-up', keys: ['Shift ArrowUp'], scope: 'board' },
  { id: 'approve', keys: ['A'], scope: 'free' },
  { id: 'keys', keys: ['?'], scope: 'free' },
  { id: 'back', keys: ['Escape'], scope: 'free' },
  { id: 'left', keys: ['L'], scope: 'board' },
  { id: 'backlog', keys: ['G L'], scope: 'free' },
];

const press = (key: string, more: Partial<Press> = {}): Press => ({ key, isMod: false, isShift: false, isAlt: false, ...more });
const means = (key: Press, place: FocusPlace = 'nowhere', prefix = '', hasSingleKeys = true): string | undefined =>
  readKey(table, key, prefix, place, hasSingleKeys).binding?.id;

describe('a key', () => {
  test('is named as the table writes it', () => {
    expect(pressName(press('k', { isMod: true }))).toBe('Mod K');
    expect(pressName(press(' '))).toBe('Space');
    expect(pressName(press('?', { isShift: true }))).toBe('?');
    expect(pressName(press('ArrowUp', { isShift: true }))).toBe('Shift ArrowUp');
  });

  test.each(['card', 'nowhere'] as const)('acts with the focus on: %s', (place) => {
    expect(means(press('a'), place)).toBe('approve');
    expect(means(press('k'), place)).toBe('up');
  });

  test('alone does nothing in a field, and a key with Ctrl or ⌘ does', () => {
    expect(means(press('a'), 'field')).toBeUndefined();
    expect(means(press('k', { isMod: true }), 'field')).toBe('palette');
  });

  test('alone does nothing while a dialog or menu is open', () => {
    expect(means(press('a'), 'overlay')).toBeUndefined();
    expect(means(press('Escape'), 'overlay')).toBeUndefined();
  });

  test('that moves between cards leaves a button its own keys', () => {
    expect(means(press('ArrowUp'), 'widget')).toBeUndefined();
    expect(means(press('a'), 'widget')).toBe('approve');
  });

  test('with Ctrl or Alt is another key than without', () => {
    expect(means(press('a', { isMod: true }))).toBeUndefined();
    expect(means(press('a', { isAlt: true }))).toBeUndefined();
  });

  test('of two presses waits for the second, which then does not mean what it means alone', () => {
    expect(readKey(table, press('g'), '', 'nowhere', true)).toEqual({ binding: null, prefix: 'G' });
    expect(means(press('l'), 'nowhere', 'G')).toBe('backlog');
    expect(means(press('l'))).toBe('left');
    expect(readKey(table, press('a'), 'G', 'nowhere', true)).toEqual({ binding: null, prefix: '' });
  });

  test('alone does nothing while single keys are turned off; arrows, Escape and keys with Ctrl do', () => {
    const off = (key: Press): string | undefined => means(key, 'nowhere', '', false);
    expect(off(press('a'))).toBeUndefined();
    expect(off(press('?'))).toBeUndefined();
    expect(readKey(table, press('g'), '', 'nowhere', false).prefix).toBe('');
    expect(off(press('ArrowUp'))).toBe('up');
    expect(off(press('Escape'))).toBe('back');
    expect(off(press('k', { isMod: true }))).toBe('palette');
  });
});

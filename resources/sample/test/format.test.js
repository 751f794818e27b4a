import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration } from 'duration-kit';

test('writes the two largest units', () => {
  assert.equal(formatDuration(5_400_000), '1h 30m');
  assert.equal(formatDuration(62_000), '1m 2s');
});

test('writes as many units as it is asked for', () => {
  assert.equal(formatDuration(3_723_000, { parts: 3 }), '1h 2m 3s');
});

test('writes the sign once, and zero as seconds', () => {
  assert.equal(formatDuration(-90_000), '-1m 30s');
  assert.equal(formatDuration(0), '0s');
});

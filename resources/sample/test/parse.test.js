import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from 'duration-kit';

test('reads hours, minutes and seconds', () => {
  assert.equal(parseDuration('1h 30m'), 5_400_000);
  assert.equal(parseDuration('45s'), 45_000);
});

test('reads long names, alone or in the plural', () => {
  assert.equal(parseDuration('1 hour 2 minutes'), 3_720_000);
});

test('reads fractions', () => {
  assert.equal(parseDuration('1.5h'), 5_400_000);
});

test('refuses what is not a duration', () => {
  assert.throws(() => parseDuration('soon'), RangeError);
  assert.throws(() => parseDuration(''), RangeError);
});

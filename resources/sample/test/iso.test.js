import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIsoDuration } from 'duration-kit';

test('reads whole hours', () => {
  assert.equal(parseIsoDuration('PT2H'), 7_200_000);
});

test('refuses what is not an ISO 8601 duration', () => {
  assert.throws(() => parseIsoDuration('2 hours'), RangeError);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDuration } from 'duration-kit';

test('writes a duration in words', () => {
  assert.equal(describeDuration(7_200_000), '2 hours');
  assert.equal(describeDuration(45_000), '45 seconds');
});

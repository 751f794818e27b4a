import { describe, expect, it } from 'vitest';
import { canonicalJson, hashOf } from '../../src/main/runtime/receipts/canonical-json.js';
import { globMatcher } from '../../src/main/runtime/receipts/path-globs.js';
import { settingGlobs, testGlobs } from '../../src/main/runtime/receipts/protected-paths.js';

describe('a glob', () => {
  it.each([
    ['*.lock', 'deep/down/x.lock', true],
    ['*.lock', 'x.lock.ts', false],
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/a/b.ts', false],
    ['src/**', 'src/a/b.ts', true],
    ['docs/', 'docs/a/b.md', true],
    ['**/test/**', 'test/a.js', true],
    ['a.{js,ts}', 'lib/a.ts', true],
    ['a?c', 'abc', true],
    ['a+b.txt', 'aab.txt', false],
  ])('%s on %s gives %s', (glob, path, expected) => {
    expect(globMatcher([glob])(path)).toBe(expected);
  });

  it.each(['src/board.test.ts', 'src/__snapshots__/a.snap', 'tests/unit/x.ts', 'pkg/test_sum.py', 'src/FooTest.java'])(
    'takes %s for a test',
    (path) => {
      expect(globMatcher(testGlobs)(path)).toBe(true);
    },
  );

  it.each(['vitest.config.ts', 'package-lock.json', '.github/workflows/ci.yml', 'packages/a/tsconfig.build.json'])(
    'protects %s',
    (path) => {
      expect(globMatcher(settingGlobs)(path)).toBe(true);
    },
  );

  it.each(['src/latest.ts', 'src/contest.ts', 'README.md', 'src/config.ts'])('leaves %s alone', (path) => {
    expect(globMatcher([...testGlobs, ...settingGlobs])(path)).toBe(false);
  });
});

describe('canonical JSON', () => {
  it('is the same for equal values, whatever the order of their members', () => {
    expect(canonicalJson({ b: [1, { y: null, x: 'ü' }], a: undefined, c: true })).toBe('{"b":[1,{"x":"ü","y":null}],"c":true}');
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }));
  });
});

import { describe, expect, it } from 'vitest';
import type { TurnInput } from '../../../src/main/runtime/ports/runner.js';
import { codexArguments } from '../../../src/main/runtime/runners/codex/codex-arguments.js';
import type { CodexReach } from '../../../src/main/runtime/runners/codex/codex-arguments.js';
import { codexGaps, hasProfiles } from '../../../src/main/runtime/runners/codex/codex-confinement.js';

const input: TurnInput = {
  ...{
    turnId: 'turn-1',
    attempt: 1,
    toldAttempts: 0,
    prompt: 'Build.',
    resumeSessionId: null,
    model: 'm',
    reasoning: 'low',
    reportSchema: {},
  },
  ...{ checkout: '/checkout', sessionDir: '/session', turnDir: '/turn', timeLimitMs: 1_000 },
  facts: {
    scope: 'todo',
    role: 'developer',
    member: 'developer',
    step: 'developer_build',
    subject: 'S',
    revision: 1,
    visit: 1,
    purpose: 'work',
  },
  loadout: { permissions: { allow: [], ask: [], deny: [] }, network: false, skills: [] },
};

function configOf(reach: CodexReach | null): Record<string, string> {
  const files = {
    output: '',
    errors: '',
    schema: null,
    temporary: '/tmp',
    commandHome: '/session/.home',
    commandTemporary: '/session/.tmp',
  };
  const args = codexArguments(input, { files, env: {}, resumeThreadId: null, reach, extraConfig: {} });
  const values = args.flatMap((arg, at) => (args[at - 1] === '-c' ? [arg] : []));
  return Object.fromEntries(values.map((value) => [value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)]));
}

describe('what codex is told of the disk', () => {
  it('is in the jail all that is there but its own folder, and on a bare disk only what the turn needs', () => {
    expect(configOf({ kind: 'jail', hidden: ['/login', '/codex/sessions'] })['permissions.turn.filesystem']).toBe(
      '{":root"="read","/login"="deny","/codex/sessions"="deny","/checkout"="write","/session"="write","/checkout/.git"="read"}',
    );
    expect(configOf({ kind: 'disk', readable: ['/opt/tools'] })['permissions.turn.filesystem']).toBe(
      '{":minimal"="read","/opt/tools"="read","/checkout"="write","/session"="write","/checkout/.git"="read"}',
    );
  });

  it('is never both a profile and a sandbox mode, of which codex would take the mode', () => {
    const withProfile = Object.keys(configOf({ kind: 'disk', readable: [] }));
    expect(withProfile).toContain('default_permissions');
    expect(withProfile.filter((key) => key.startsWith('sandbox_'))).toEqual([]);
    const without = Object.keys(configOf(null));
    expect(without).toContain('sandbox_mode');
    expect(without.filter((key) => key.includes('permissions'))).toEqual([]);
  });
});

describe('the version of codex', () => {
  it.each([
    ['0.138.0', true],
    ['0.169.0', true],
    ['1.0.0', true],
    ['0.140.0-alpha.2', true],
    ['0.137.9', false],
    ['', false],
    [null, false],
  ])('%s knows permission profiles: %s', (version, expected) => {
    expect(hasProfiles(version)).toBe(expected);
  });

  it('and the jail decide what is missing, and nothing is missing in silence', () => {
    expect(codexGaps('0.169.0', true)).toEqual([]);
    for (const [version, isJailed] of [
      ['0.169.0', false],
      ['0.137.0', true],
      ['0.137.0', false],
      [null, true],
    ] as const)
      // prettier-ignore
      expect(codexGaps(version, isJailed)).toHaveLength(1);
    expect(codexGaps(null, false)[0]).toMatch(/^Codex of an unknown version ran without a jail: its commands could read every file/);
  });
});

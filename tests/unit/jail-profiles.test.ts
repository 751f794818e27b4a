import { describe, expect, it } from 'vitest';
import { bubblewrapArguments } from '../../src/main/runtime/jail/bubblewrap-jail.js';
import { sandboxProfile } from '../../src/main/runtime/jail/sandbox-exec-jail.js';
import type { JailCommand } from '../../src/main/runtime/ports/jail.js';
import type { ProcessGuardian } from '../../src/main/runtime/ports/process-guardian.js';

const command: JailCommand = {
  tag: 't',
  argv: ['true'],
  checkout: '/work tree',
  caches: ['/cache'],
  readable: [],
  network: false,
  env: {},
  timeoutMs: 1,
  outputFile: '/out',
};
const options = {
  guardian: null as unknown as ProcessGuardian,
  bwrapPath: '/usr/bin/bwrap',
  nodePath: null,
  npmPath: null,
  hidden: ['/opt/workspace', '/home/pat'],
};

describe('the arguments of bubblewrap', () => {
  it('cut the network off unless the command may use it', () => {
    expect(bubblewrapArguments(options, command)).toContain('--unshare-net');
    expect(bubblewrapArguments(options, { ...command, network: true })).not.toContain('--unshare-net');
  });

  it('hide a workspace that lies below a folder of the system', () => {
    const text = bubblewrapArguments(options, command).join(' ');
    expect(text).toContain('--tmpfs /opt/workspace');
    expect(text).not.toContain('/home/pat');
  });

  it('make the root read-only after everything is in its place', () => {
    const all = bubblewrapArguments(options, command);
    expect(all.indexOf('--remount-ro')).toBeGreaterThan(all.lastIndexOf('--bind'));
  });
});

describe('the profile for macOS', () => {
  it('denies by default and writes only where it may, with odd names quoted', () => {
    const profile = sandboxProfile({ writable: ['/a "b"'], readable: ['/node'], network: false });
    expect(profile).toContain('(deny default)');
    expect(profile).toContain(String.raw`(allow file-write* (subpath "/a \"b\""))`);
    expect(profile).not.toContain('(allow network*)\n');
    expect(profile.split('\n').filter((line) => line.startsWith('(allow file-write* (subpath'))).toHaveLength(1);
  });
});

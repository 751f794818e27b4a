import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import type { UserPlaces } from '../../../src/main/runtime/workspace/state-folder.js';
import { workspaceState } from '../../../src/main/runtime/workspace/state-folder.js';
import { grantTrust, readTrust, trustDifference, trustedHooksPath } from '../../../src/main/runtime/workspace/trust.js';
import type { ExecutingFields } from '../../../src/shared/domain/configuration.js';
import { defaultConfiguration, executingFields } from '../../../src/shared/domain/configuration.js';

let dir: string;
let places: UserPlaces;
const clock = new SystemClock();

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'muster-trust-'));
  await mkdir(join(dir, 'workspace'));
  places = { platform: 'linux', env: { MUSTER_STATE_HOME: join(dir, 'state') }, home: dir, temporary: dir, user: '1' };
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const plain = executingFields(defaultConfiguration);
const tests = { name: 'tests', command: ['npm', 'test'], timeoutSeconds: 600, network: false };
const changed: ExecutingFields = { ...plain, verify: [tests], runners: { ...plain.runners, qa: { runner: 'claude', network: true } } };
const state = () => workspaceState(join(dir, 'workspace'), places);

describe('trust of a workspace', () => {
  it('nobody trusts a workspace that is new to the user', async () => {
    const trust = await readTrust(state(), plain);
    expect(trust).toMatchObject({
      kind: 'restricted',
      reasons: [`Nobody has trusted the workspace ${state().workspace} yet.`],
    });
  });

  it('granted trust holds until an executing field changes, and the change is named', async () => {
    await grantTrust(state(), plain, clock);
    expect((await readTrust(state(), plain)).kind).toBe('trusted');
    expect(await readTrust(state(), changed)).toMatchObject({
      kind: 'restricted',
      reasons: [
        'verify.tests is new: {"command":["npm","test"],"network":false,"timeoutSeconds":600}.',
        'role_defaults.qa was {"network":false,"runner":"codex"} and is now {"network":true,"runner":"claude"}.',
      ],
    });
  });

  it('covers where in the checkout git hooks are, and a record of before there was such a place still counts', async () => {
    await grantTrust(state(), plain, clock);
    const hooked = executingFields(defaultConfiguration, '.husky');
    expect(await readTrust(state(), hooked)).toMatchObject({
      kind: 'restricted',
      reasons: ['core.hooksPath in the checkout was null and is now ".husky".'],
    });
    expect(await trustedHooksPath(state())).toBeNull();
    await grantTrust(state(), hooked, clock);
    expect((await readTrust(state(), hooked)).kind).toBe('trusted');
    expect(await trustedHooksPath(state())).toBe('.husky');
    await writeFile(state().trust, (await readFile(state().trust, 'utf8')).replace('.husky', '.other'));
    expect(await trustedHooksPath(state())).toBeNull();
  });

  it('holds for the real path, through a link, and not for a copy elsewhere', async () => {
    await grantTrust(state(), plain, clock);
    await symlink(join(dir, 'workspace'), join(dir, 'link'));
    expect((await readTrust(workspaceState(join(dir, 'link'), places), plain)).kind).toBe('trusted');
    await mkdir(join(dir, 'other'));
    const other = workspaceState(join(dir, 'other'), places);
    await mkdir(other.root, { recursive: true });
    await writeFile(other.trust, await readFile(state().trust));
    expect((await readTrust(other, plain)).kind).toBe('restricted');
  });

  it('a record whose fields were edited by hand does not count', async () => {
    await grantTrust(state(), changed, clock);
    await writeFile(state().trust, (await readFile(state().trust, 'utf8')).replace('"npm"', '"evil"'));
    expect((await readTrust(state(), changed)).kind).toBe('restricted');
    const evil = { ...changed, verify: [{ ...tests, command: ['evil', 'test'] }] };
    expect(await readTrust(state(), evil)).toMatchObject({
      kind: 'restricted',
      reasons: [`${state().trust} does not fit its own hash, so it counts for nothing.`],
    });
  });

  it.each(['', '{', 'null', '{"version":2}'])('a record that reads %j is said and trusts nothing', async (text) => {
    await mkdir(state().root, { recursive: true });
    await writeFile(state().trust, text);
    const trust = await readTrust(state(), plain);
    expect(trust.kind === 'restricted' && trust.reasons[0]).toMatch(/^Could not (read|use) .*trust\.json: .+ counts for nothing\.$/);
  });

  it.skipIf(process.platform === 'win32')('is readable by its user alone', async () => {
    await grantTrust(state(), plain, clock);
    expect((await stat(state().trust)).mode & 0o077).toBe(0);
    expect((await stat(state().root)).mode & 0o077).toBe(0);
  });

  it('says what is gone and what runs in another order', () => {
    const lint = { ...tests, name: 'lint', command: ['npm', 'run', 'lint'] };
    const two: ExecutingFields = { ...plain, verify: [tests, lint], rehearsal: 'a.yaml' };
    expect(trustDifference(two, { ...two, verify: [lint, tests] })).toEqual([
      'verify ran in the order tests, lint and would now run in the order lint, tests.',
    ]);
    expect(trustDifference(two, { ...two, verify: [tests], rehearsal: null })).toEqual([
      'verify.lint is gone; it was {"command":["npm","run","lint"],"network":false,"timeoutSeconds":600}.',
      'rehearsal was "a.yaml" and is now null.',
    ]);
    expect(trustDifference(two, structuredClone(two))).toEqual([]);
  });
});

describe('places in the user folder', () => {
  it.each<[NodeJS.Platform, Record<string, string>, string]>([
    ['linux', { MUSTER_STATE_HOME: '/own', XDG_STATE_HOME: '/xdg' }, '/own/w/'],
    ['linux', { XDG_STATE_HOME: '/xdg' }, '/xdg/muster/w/'],
    ['linux', { XDG_STATE_HOME: 'relative' }, '/home/u/.local/state/muster/w/'],
    ['linux', {}, '/home/u/.local/state/muster/w/'],
    ['darwin', {}, '/home/u/Library/Application Support/Muster/w/'],
  ])('on %s with %j they are below %s', (platform, env, below) => {
    const found = workspaceState('/nowhere/workspace', { platform, env, home: '/home/u', temporary: '/tmp', user: '7' });
    expect(found.root.startsWith(below)).toBe(true);
    expect(found.root.slice(below.length)).toMatch(/^[0-9a-f]{8}$/);
    expect(found.worktrees).toBe(join(found.root, 'worktrees'));
  });

  it('the control socket moves to a short folder where its path would be too long', () => {
    const long = `/home/${'u'.repeat(90)}`;
    const socket = (env: Record<string, string>, temporary = '/tmp') =>
      workspaceState('/w', { platform: 'linux', env, home: long, temporary, user: '7' }).controlSocket;
    expect(socket({})).toMatch(/^\/tmp\/muster-7\/[0-9a-f]{8}\.sock$/);
    expect(socket({ XDG_RUNTIME_DIR: '/run/user/7' })).toMatch(/^\/run\/user\/7\/muster\/[0-9a-f]{8}\.sock$/);
    expect(socket({}, long)).toMatch(/^\/tmp\/muster-7\/[0-9a-f]{8}\.sock$/);
    expect(workspaceState('/w', { platform: 'linux', env: {}, home: '/home/u', temporary: '/tmp', user: '7' }).controlSocket).toMatch(
      /^\/home\/u\/.*\/control\.sock$/,
    );
    expect(workspaceState('/w', { platform: 'win32', env: {}, home: 'C:\\u', temporary: 'C:\\t', user: 'ada' }).controlSocket).toMatch(
      /^\\\\\.\\pipe\\muster-ada-[0-9a-f]{8}$/,
    );
  });
});

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRouterClient, ORPCError } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appRouter } from '../../../src/main/host/app-router.js';
import { windowSession } from '../../../src/main/host/app-session.js';
import type { WorkspaceHost } from '../../../src/main/host/workspace-host.js';
import type { AppClient } from '../../../src/shared/contract/app-contract.js';
import { protocolVersion } from '../../../src/shared/contract/host-views.js';
import type { LiveEvent } from '../../../src/shared/contract/live-events.js';
import { HostStage } from '../../fixtures/host-stage.js';

const run = promisify(execFile);

let stage: HostStage;
const others: WorkspaceHost[] = [];

beforeEach(async () => {
  stage = await HostStage.makeReal();
});

afterEach(async () => {
  for (const host of others.splice(0)) await host.close();
  await stage.close();
});

const another = (): WorkspaceHost => {
  const host = stage.anotherHost();
  others.push(host);
  return host;
};

const clientOf = (host: WorkspaceHost, name = 'Ann'): AppClient =>
  createRouterClient(appRouter, { context: { host, session: windowSession(name) } });

const refusalOf = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call;
  } catch (error) {
    return error instanceof ORPCError ? (error.data as unknown) : error;
  }
  return 'accepted';
};

async function makeProject(name: string): Promise<string> {
  const project = join(stage.dir, name);
  await mkdir(project);
  await writeFile(join(project, 'package.json'), JSON.stringify({ scripts: { test: 'node --test' } }));
  await run('git', ['init', '-q', '-b', 'trunk', project]);
  return project;
}

describe('two hosts of one workspace', () => {
  it('stay in step: the second asks the first, in the name of who sits before it', async () => {
    const second = another();
    await stage.open();
    expect((await second.open(stage.workspace)).ok).toBe(true);
    expect([stage.host.current?.isAttached, second.current?.isAttached]).toEqual([false, true]);
    const end = new AbortController();
    const stream = (await clientOf(second, 'Beth').live({}, { signal: end.signal }))[Symbol.asyncIterator]();
    await stream.next();
    await clientOf(second, 'Bëth').backlog.add({ fields: { title: 'From the second' }, as: 'Somebody else' });
    const seen: LiveEvent[] = [];
    while (!seen.some((event) => event.kind === 'change' && event.backlogItems.length > 0))
      seen.push((await stream.next()).value as LiveEvent);
    expect(JSON.stringify(seen)).toContain('Bëth (window) added');
    expect((await clientOf(stage.host).backlog.list()).items.map(({ title }) => title)).toEqual(['From the second']);
    end.abort();
  });

  it('lose nothing when the first goes away: streams end, and the second works on it itself', async () => {
    const second = another();
    await stage.open();
    await second.open(stage.workspace);
    const client = clientOf(second);
    await client.backlog.add({ fields: { title: 'Kept' } });
    const events: string[] = [];
    const following = (async () => {
      for await (const event of await client.live({})) events.push(event.kind);
    })();
    await expect.poll(() => events).toContain('ready');
    await stage.host.close();
    await following;
    await expect.poll(() => second.current?.isAttached, { timeout: 10_000 }).toBe(false);
    expect((await client.backlog.list()).items.map(({ title }) => title)).toEqual(['Kept']);
    expect((await client.status()).isRunning).toBe(true);
  });
});

describe('what is open', () => {
  it('is nothing at first: a page is told so, and asked for a workspace', async () => {
    const client = clientOf(stage.host);
    expect(await refusalOf(client.board())).toEqual({
      id: 'no-workspace',
      message: 'No workspace is open. Open one, or make one for a repository.',
    });
    expect(await client.host.workspaces()).toEqual({
      current: null,
      problem: '',
      recent: [],
      sample: { path: join(stage.dir, 'state', 'sample', '1', 'workspace'), exists: false },
    });
  });

  it('is remembered, newest first, and stays open when another cannot be opened', async () => {
    const client = clientOf(stage.host);
    await client.host.open({ path: `${stage.workspace}/` });
    const project = await makeProject('second');
    await client.host.create({ project });
    expect((await client.host.workspaces()).recent.map(({ name, isThere }) => [name, isThere])).toEqual([
      ['second', true],
      ['project', true],
    ]);
    const missing = join(stage.dir, 'missing');
    expect(await refusalOf(client.host.open({ path: missing }))).toEqual({
      id: 'no-workspace',
      message: `Could not open ${missing}: it is no workspace, as team_runtime.yaml or discord_agents_config.yaml is missing. Make one first.`,
    });
    expect((await client.host.workspaces()).current).toMatchObject({ name: 'second', isAttached: false });
    expect(await stage.host.lastOpened()).toBe(join(project, 'teams_generated'));
    expect(await stage.anotherHost().lastOpened()).toBe(join(project, 'teams_generated'));
  });

  it('ends the streams of the workspace that was open before', async () => {
    const client = clientOf(stage.host);
    await stage.open();
    const events: string[] = [];
    const following = (async () => {
      for await (const event of await client.live({})) events.push(event.kind);
    })();
    await expect.poll(() => events).toEqual(['ready']);
    await client.host.create({ project: await makeProject('second') });
    await following;
    expect(events).toEqual(['ready']);
  });
});

describe('a workspace for a repository', () => {
  it('shows what was guessed before anything is written, and takes what the person changed', async () => {
    const client = clientOf(stage.host);
    const project = await makeProject('shop');
    const guess = await client.host.guess({ project });
    expect(guess).toEqual({
      project,
      workspace: join(project, 'teams_generated'),
      isMade: false,
      target: 'trunk',
      setup: [],
      verify: [['npm', 'test']],
      notes: ['Verification: `npm test`, because package.json has a test script, `node --test`.'],
      refusals: [],
    });
    expect((await client.host.workspaces()).current).toBeNull();
    const { current } = await client.host.create({
      project,
      verify: [
        ['node', '--test'],
        ['npm', 'run', 'lint'],
      ],
      target: 'release',
    });
    expect(current).toEqual({ path: guess.workspace, project, name: 'shop', isAttached: false, isRehearsal: false });
    const written = await readFile(join(guess.workspace, 'team_runtime.yaml'), 'utf8');
    expect(written).toContain('target: "release"');
    expect(written).toContain('- { name: "check 2", command: ["npm", "run", "lint"], timeout_seconds: 600 }');
  });

  it('runs nothing before a person has accepted exactly what was shown', async () => {
    const client = clientOf(stage.host);
    await client.host.create({ project: await makeProject('shop') });
    const shown = await client.trust.show();
    expect(shown).toMatchObject({ isTrusted: false, verify: [{ name: 'tests', command: ['npm', 'test'] }] });
    expect((await client.status()).isTrusted).toBe(false);
    expect(await refusalOf(client.trust.accept({ hash: 'a'.repeat(64) }))).toEqual({
      id: 'stale',
      message: 'What the workspace would run changed since you looked. Look at it again before you accept it.',
    });
    expect((await client.status()).isTrusted).toBe(false);
    expect((await client.trust.accept({ hash: shown.hash })).isTrusted).toBe(true);
    expect((await client.status()).isTrusted).toBe(true);
  });

  it.each([
    ['shop', /^"shop" is no full path of a folder\. Give the path from the root, such as /],
    ['/', /^\/ is the root of the file system\. Name the folder of one repository\.$/],
    ['/nowhere/at/all', /^There is no folder \/nowhere\/at\/all\. Make it, or name another one\.$/],
    ['/etc/hostname', /^\/etc\/hostname is a file, not a folder\./],
  ])('is not made for %s', async (project, sentence) => {
    const client = clientOf(stage.host);
    expect(await refusalOf(client.host.create({ project }))).toEqual({
      id: 'bad-input',
      message: expect.stringMatching(sentence) as unknown,
    });
    expect((await client.host.workspaces()).current).toBeNull();
  });
});

describe('the sample', () => {
  it('is made, opened and started with one call, and a second one starts nothing more', async () => {
    const client = clientOf(stage.host);
    const { current, sample } = await client.host.runSample();
    expect(current).toMatchObject({ path: sample.path, name: 'Muster sample', isRehearsal: true });
    const sprint = await client.sprint.status();
    expect(sprint).toMatchObject({ milestone: 'Durations that people can read and write', isActive: true });
    await client.host.runSample();
    expect((await client.list()).sprints.map(({ id }) => id)).toEqual([sprint?.id]);
    const turn = async () => (await client.sprint.status())?.turns.find(({ status }) => status === 'ended');
    await expect.poll(turn, { timeout: 20_000 }).toBeDefined();
    const id = (await turn())?.id ?? '';
    expect(await client.turns.output({ turnId: id })).toMatchObject({
      turnId: id,
      from: 0,
      isLive: false,
      text: expect.stringMatching(/\w/) as unknown,
    });
    expect((await client.turns.prompt({ turnId: id })).text).toContain('# Planner');
    await client.stopAll({});
  });
});

describe('a workspace on which another version works', () => {
  const ownedBy = async (version: string, protocol: number): Promise<void> => {
    await stage.open();
    const path = join(stage.workspace, '.teams_runtime', 'owner.json');
    const owner = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...owner, version, protocol }));
  };

  it('is not opened when the two do not understand each other, and it is said how to go on', async () => {
    await ownedBy('9.9.9', 99);
    const client = clientOf(another());
    expect(await refusalOf(client.host.open({ path: stage.workspace }))).toMatchObject({
      id: 'no-workspace',
      message: expect.stringMatching(
        /Muster 9\.9\.9 works there \(process \d+\).* they do not understand each other.*`muster run`/,
      ) as unknown,
    });
    expect((await client.host.workspaces()).current).toBeNull();
  });

  it('is opened with a word about it when they do', async () => {
    await ownedBy('9.9.9', protocolVersion);
    const { current, problem } = await clientOf(another()).host.open({ path: stage.workspace });
    expect(current).toMatchObject({ isAttached: true });
    expect(problem).toMatch(/^Muster 9\.9\.9 works on .*What only one of them knows is refused\./);
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWorkspaceEnvironment } from '../../../src/main/runtime/workspace/dot-env.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'muster-env-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const file = (): string => join(dir, '.env');

describe('.env of a workspace', () => {
  it('adds variables, and exported ones win', async () => {
    await writeFile(file(), '# ours\nexport A="one two"\nB=file # note\nC=\n');
    const { variables, problem } = await readWorkspaceEnvironment(file(), { B: 'exported', D: undefined }, []);
    expect(variables).toEqual({ A: 'one two', B: 'exported', C: '' });
    expect(problem).toBeNull();
  });

  it('does not look in the folders above, nor at the process environment', async () => {
    await writeFile(file(), 'OUTER=1\n');
    await mkdir(join(dir, 'inner'));
    expect(await readWorkspaceEnvironment(join(dir, 'inner', '.env'), {}, [])).toEqual({ variables: {}, secrets: [], problem: null });
  });

  it('knows secrets by name, by the bots and by a password in an address, and nothing else', async () => {
    await writeFile(
      file(),
      'MY_API_KEY=/abc+def/12345\nBOT=bot-value-123\nDB=postgres://u:hunter22@db/x\nNODE_ENV=production\nSHORT_TOKEN=abc\nMAX_TOKENS=100000000\nSSH_AUTH_SOCK=/tmp/agent.sock\nGIT_AUTHOR_NAME=Ada Lovelace\n',
    );
    const { secrets } = await readWorkspaceEnvironment(file(), { GITHUB_TOKEN: 'exported-token' }, ['BOT']);
    expect(secrets.map(({ name }) => name).sort()).toEqual(['BOT', 'DB', 'GITHUB_TOKEN', 'MY_API_KEY']);
  });

  it('a value that an exported one hides is still a secret', async () => {
    await writeFile(file(), 'MY_TOKEN=from-the-file\n');
    const { secrets } = await readWorkspaceEnvironment(file(), { MY_TOKEN: 'exported-value' }, []);
    expect(secrets.map(({ value }) => value)).toEqual(['from-the-file', 'exported-value']);
  });

  it('a .env that is no file is a sentence', async () => {
    await mkdir(file());
    expect((await readWorkspaceEnvironment(file(), {}, [])).problem).toBe(
      `Could not read ${file()}: EISDIR. Variables that it sets are missing; make it a file that you may read.`,
    );
  });
});

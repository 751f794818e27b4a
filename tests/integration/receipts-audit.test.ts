import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditReceipt, rerunReceipt } from '../../src/main/runtime/receipts/audit.js';
import { sha256 } from '../../src/main/runtime/receipts/canonical-json.js';
import { sealReceipt, storeReceipt } from '../../src/main/runtime/receipts/receipt-store.js';
import type { ReceiptDraft } from '../../src/main/runtime/receipts/receipt-store.js';
import { verifyHash } from '../../src/main/runtime/receipts/verify-hash.js';
import { FileBlobStore } from '../../src/main/runtime/workspace/blob-store.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import type { Receipt } from '../../src/shared/domain/receipt.js';
import { lacksJail } from '../fixtures/lacks-jail.js';
import { makeVerifyingBench } from '../fixtures/verifying-bench.js';
import type { VerifyingBench } from '../fixtures/verifying-bench.js';

const closeoutId = 'todo-140422-51a086-r1';

describe.skipIf(lacksJail)('an audit', () => {
  let bench: VerifyingBench;
  let receipt: Receipt;
  let commit: string;

  beforeEach(async () => {
    bench = await makeVerifyingBench();
    commit = await bench.repository.commit(
      { 'sum.mjs': 'export const sum = (a, b) => b + a;\n' },
      `Turn the sum around\n\nMuster-Closeout: ${closeoutId}`,
    );
    receipt = await makeReceipt(commit);
  });
  afterEach(() => bench.dispose());

  async function draftFor(treeish: string): Promise<ReceiptDraft> {
    const result = await bench.makeVerifier().verify(bench.request(treeish));
    if (result.kind !== 'verified') throw new Error(JSON.stringify(result));
    const diff = await bench.git.diff(bench.base, treeish);
    return {
      ...{
        commands: result.commands,
        protectedChanges: result.protectedChanges,
        weakenedTests: result.weakenedTests,
        isInPlace: false,
        hasCommit: true,
        override: null,
      },
      ...{
        todoId: 'todo-140422-51a086',
        revision: 1,
        time: '2026-03-24T14:04:22.000Z',
        target: 'refs/heads/main',
        base: bench.base,
        commit: treeish,
        tree: result.tree,
      },
      ...{
        patchId: await bench.git.patchId(bench.base, treeish),
        diffHash: await bench.blobs.put(diff),
        closeoutId,
        verifyHash: result.verifyHash,
        environmentHash: result.environmentHash,
      },
    };
  }
  async function makeReceipt(treeish: string): Promise<Receipt> {
    const stored = await storeReceipt(bench.blobs, await draftFor(treeish));
    const kept = (await bench.blobs.get(stored.blob))?.toString('utf8') ?? '';
    expect(JSON.parse(kept)).toEqual(stored.receipt);
    return stored.receipt;
  }
  const audit = (audited: Receipt, pinnedVerifyHash = receipt.verifyHash): Promise<readonly string[]> =>
    auditReceipt(audited, { git: bench.git, blobs: bench.blobs, pinnedVerifyHash });
  const forge = (changes: Partial<ReceiptDraft>): Receipt => {
    const { v: _v, badge: _badge, gaps: _gaps, receiptHash: _hash, ...draft } = receipt;
    return sealReceipt({ ...draft, ...changes });
  };
  const how = () => bench.request(commit);

  it('finds nothing to say about an honest receipt, from git and blobs alone', async () => {
    expect(receipt.badge).toBe('verified');
    expect(await audit(receipt)).toEqual([]);
    expect(await rerunReceipt(receipt, bench.makeVerifier(), how())).toEqual([]);
  });

  it('finds an edited receipt, and a badge that is better than its facts', async () => {
    expect(await audit({ ...receipt, revision: 2 })).toEqual([
      'The receipt was changed after it was written: its own hash does not match.',
    ]);
    expect(await audit({ ...receipt, protectedChanges: ['package.json'] })).toEqual([
      'The receipt was changed after it was written: its own hash does not match.',
      'The badge says verified, but the facts in the receipt make it with_gaps.',
      'The gaps listed are not the ones that the facts in the receipt have.',
    ]);
  });

  it('finds files that agents obey told of that the commit does not change', async () => {
    expect(await audit(forge({ instructionChanges: ['AGENTS.md'] }))).toEqual([
      'The files that agents obey and that changed are not the ones in the receipt.',
    ]);
  });

  it('says of an output that was pruned at the disk cap when that was, and not that it is missing', async () => {
    const hash = '3'.repeat(64);
    const [first] = receipt.commands;
    if (first === undefined) throw new Error('no command');
    const gone = forge({ commands: [{ ...first, outputHash: hash, outputBytes: 9 }] });
    const sources = { git: bench.git, blobs: bench.blobs, pinnedVerifyHash: receipt.verifyHash };
    expect(await auditReceipt(gone, { ...sources, pruned: new Map([[hash, '2026-11-21T09:00:00.000Z']]) })).toEqual([
      `The output of ${first.name} was pruned on 2026-11-21, at the disk cap (3333333333); nobody can look at it any more.`,
    ]);
    expect(await auditReceipt(gone, sources)).toEqual([`The output of ${first.name} is missing from the blobs (3333333333).`]);
  });

  it('finds commands that were exchanged, with and without a matching hash', async () => {
    const [first] = receipt.commands;
    if (first === undefined) throw new Error('no command');
    const commands = [{ ...first, argv: ['true'] }];
    expect(await audit(forge({ commands }))).toEqual(['The commands in the receipt are not the ones whose hash it names.']);
    expect(await audit(forge({ commands, verifyHash: verifyHash(commands) }))).toEqual([
      'The commands are not the ones that were fixed at the start of the sprint.',
    ]);
  });

  it('finds nothing to say about work that ended without a commit, on which no command could run', async () => {
    const nothing = { hasCommit: false, commit: '', patchId: '', diffHash: '', environmentHash: '', commands: [] };
    expect(await audit(forge(nothing))).toEqual([]);
    expect(await audit(forge({ ...nothing, verifyHash: 'f'.repeat(64) }))).toEqual([
      'The commands are not the ones that were fixed at the start of the sprint.',
    ]);
    expect(await audit(forge({ commands: [] }))).toContain('The commands in the receipt are not the ones whose hash it names.');
  });

  it('finds a commit that does not exist, stands elsewhere, or is not what was verified', async () => {
    expect(await audit(forge({ commit: 'f'.repeat(40) }))).toEqual(['Commit ffffffffff does not exist in the repository.']);
    await bench.repository.git('reset', '-q', '--hard', bench.base);
    expect(await audit(receipt)).toEqual([`Commit ${commit.slice(0, 10)} is not on refs/heads/main.`]);
    const forged = await bench.repository.commit({ 'sum.mjs': 'export const sum = () => 4;\n' }, 'Forged');
    const tree = await bench.git.treeOf(forged);
    const name = `Commit ${forged.slice(0, 10)}`;
    expect(await audit(forge({ commit: forged }))).toEqual([
      `${name} has the tree ${tree.slice(0, 10)}, but ${receipt.tree.slice(0, 10)} was verified.`,
      `${name} does not carry the trailer Muster-Closeout: ${closeoutId}.`,
      `${name} has another patch id than the receipt.`,
      `The diff of ${forged.slice(0, 10)} is not the one whose hash the receipt names.`,
    ]);
  });

  it('finds a base that is not the parent', async () => {
    const later = await bench.repository.commit({ 'more.txt': 'x' }, `More\n\nMuster-Closeout: ${closeoutId}`);
    expect((await audit(forge({ commit: later, tree: await bench.git.treeOf(later) })))[0]).toBe(
      `Commit ${later.slice(0, 10)} does not stand directly on its base ${bench.base.slice(0, 10)}.`,
    );
  });

  it('finds output that is missing, changed or of another size', async () => {
    const [first] = receipt.commands;
    if (first === undefined) throw new Error('no command');
    const missing = sha256('never written');
    expect(await audit(forge({ commands: [{ ...first, outputHash: missing }] }))).toEqual([
      `The output of test is missing from the blobs (${missing.slice(0, 10)}).`,
    ]);
    expect(await audit(forge({ commands: [{ ...first, outputBytes: 1 }] }))).toEqual([
      `The output of test has ${first.outputBytes} bytes, but the receipt says 1.`,
    ]);
    const blobs = new FileBlobStore({ dir: `${bench.folder}/blobs`, clock: new SystemClock() });
    await writeFile(blobs.pathOf(first.outputHash), 'all passed');
    expect(await audit(receipt)).toContain(
      `The output of test was changed: its bytes do not have the hash ${first.outputHash.slice(0, 10)}.`,
    );
  });

  it('finds by running again what was red and called green', async () => {
    const broken = await bench.repository.commit({ 'sum.mjs': 'export const sum = () => 5;\n' }, 'Break it');
    const forged = forge({ commit: broken, tree: await bench.git.treeOf(broken) });
    expect(await rerunReceipt(forged, bench.makeVerifier(), how())).toEqual([
      'test now says exit code 1, but the receipt says exit code 0.',
    ]);
  });
});

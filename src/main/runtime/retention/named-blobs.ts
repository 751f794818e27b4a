import { createReadStream } from 'node:fs';

/** What the journal and the archives name: every hash in them, and among them the outputs and prompts, which are large. */
export interface NamedBlobs {
  readonly all: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
}

const hash = /[0-9a-f]{64}/g;
const output = /"(?:outputHash|baseOutputHash|outputSha256|promptSha256)":"([0-9a-f]{64})"/g;
const overlap = 128;

/** Reads files from beginning to end, a part at a time, and gathers the hashes in them. */
export async function namedBlobs(files: readonly string[], signal: AbortSignal): Promise<NamedBlobs> {
  const all = new Set<string>();
  const outputs = new Set<string>();
  for (const file of files) {
    let rest = '';
    for await (const part of createReadStream(file, { encoding: 'latin1', highWaterMark: 1024 * 1024, signal })) {
      const text = rest + String(part);
      for (const [found] of text.matchAll(hash)) all.add(found);
      for (const [, found = ''] of text.matchAll(output)) outputs.add(found);
      rest = text.slice(-overlap);
    }
  }
  return { all, outputs };
}

import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { GuardedSpec } from '../ports/process-guardian.js';
import { isMerged } from './guardian-launch.js';

const defaultLimitBytes = 64 * 1024 * 1024;

/** Takes what a process says to its files, and never holds more than one chunk of it. */
export interface GuardedOutput {
  readonly bytes: number;
  /** Whether something that was read is still on its way to its file. */
  readonly isWriting: boolean;
  /** Reads both streams to their end; `onLimit` is called once when there is more than the limit or a file cannot be written. Never rejects. */
  collect(stdout: Readable, stderr: Readable, onLimit: () => void): Promise<void>;
  close(): Promise<void>;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length;) from += (await file.write(bytes, from)).bytesWritten;
}

/** Opens the files of a process for appending; rejects when that cannot be done. */
export async function openGuardedOutput(spec: GuardedSpec): Promise<GuardedOutput> {
  const limit = spec.maxOutputBytes ?? defaultLimitBytes;
  const stdoutFile = await open(spec.stdoutFile, 'a');
  const stderrFile = isMerged(spec) ? stdoutFile : await open(spec.stderrFile, 'a');
  let bytes = 0;
  let writing = 0;

  const write = async (file: FileHandle, part: Uint8Array): Promise<void> => {
    writing += 1;
    await writeAll(file, part).finally(() => (writing -= 1));
  };

  const copy = async (
    stream: Readable,
    file: FileHandle,
    onText: ((text: string) => void) | undefined,
    onLimit: () => void,
  ): Promise<void> => {
    const decoder = new StringDecoder('utf8');
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        const part = chunk.subarray(0, limit - bytes);
        bytes += part.length;
        await write(file, part);
        onText?.(decoder.write(part));
        if (part.length < chunk.length) return onLimit();
      }
      const rest = decoder.end();
      if (rest !== '') onText?.(rest);
    } catch {
      // The stream was cut because the process is being ended, or its file takes no more: either way there is nothing more to keep.
      onLimit();
    }
  };

  return {
    get bytes() {
      return bytes;
    },
    get isWriting() {
      return writing > 0;
    },
    async collect(stdout, stderr, onLimit) {
      let told = false;
      const once = (): void => {
        if (!told) onLimit();
        told = true;
      };
      await Promise.all([copy(stdout, stdoutFile, spec.onStdout, once), copy(stderr, stderrFile, undefined, once)]);
    },
    async close() {
      await stdoutFile.close();
      if (stderrFile !== stdoutFile) await stderrFile.close();
    },
  };
}

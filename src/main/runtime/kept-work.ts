import { join } from 'node:path';
import type { GitRepository } from './ports/git-repository.js';
import type { BlobStore } from './ports/journal.js';
import type { TurnActivity } from './ports/runner.js';
import type { KeptWork } from './runtime-api.js';
import type { WorkspaceLayout } from './workspace/layout.js';
import { TurnLogs } from './workspace/turn-log.js';

/** The logs of a workspace's turns, in the folder of each. */
export const turnLogsOf = (layout: WorkspaceLayout, onLog: (line: string) => void = () => undefined): TurnLogs =>
  new TurnLogs((turnId) => join(layout.runtime.turn(turnId), 'said.log'), onLog);

/** What an activity is in a turn's log. */
export function logLine({ kind, text }: TurnActivity): string {
  const marks: Readonly<Record<TurnActivity['kind'], string>> = {
    text: '',
    reasoning: '',
    command: '$ ',
    'file-change': '± ',
    error: '! ',
  };
  return `${marks[kind]}${text.replace(/\n+$/, '')}\n`;
}

/** Reads what work left in the blobs, in the repository and in the logs of turns. */
export const keptWorkOf = (places: { readonly blobs: BlobStore; readonly git: GitRepository; readonly logs: TurnLogs }): KeptWork => ({
  blob: (sha256) => places.blobs.get(sha256),
  diff: async (base, head) => {
    const facts = await places.git.inspect();
    if (facts.kind !== 'repository') return null;
    return places.git.diff(base, head).catch((error: unknown) => {
      // An object that was cleaned up, and nothing else, makes git say so.
      if (error instanceof Error && /bad object|not a valid|unknown revision|fatal: .*object/i.test(error.message)) return null;
      throw error;
    });
  },
  turnLog: (turnId, range) => places.logs.page(turnId, range),
});

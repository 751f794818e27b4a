import { diskText } from '../../../shared/domain/disk-text.js';
import type { CommandSpec } from '../command-spec.js';

/** `muster cleanup`: what ended work left on the disk, before its time. */
export const cleanupCommand: CommandSpec = {
  path: ['cleanup'],
  says: 'remove what ended work left on the disk and nobody needs; Muster does it once a day by itself',
  options: [{ usage: '--dry-run', says: 'only say what would go' }],
  hasJson: true,
  isPersons: true,
  run: async (invocation) => {
    const isDry = invocation.has('dryRun');
    const done = isDry
      ? await invocation.read((client) => client.cleanUp({ isDry }))
      : await invocation.write((client) => client.cleanUp({ isDry }));
    invocation.show(done, ({ usedBytes, capBytes, freedBytes, removed, failed }) => [
      `Muster takes ${diskText(usedBytes)} of ${diskText(capBytes)} (retention.disk_gb).`,
      ...removed.map(({ kind, count, bytes }) => `  ${count} ${kind}: ${diskText(bytes)}`),
      removed.length === 0 ? 'Nothing has to go.' : `${diskText(freedBytes)} ${isDry ? 'would be' : 'were'} freed.`,
      ...failed,
    ]);
    return done.failed.length === 0 ? 0 : 1;
  },
};

import { diskText } from '../../../shared/domain/disk-text.js';
import { loadState } from '../../runtime/load-state.js';
import type { Clock } from '../../runtime/ports/clock.js';
import { readOnlyRuntime } from '../../runtime/read-only-runtime.js';
import type { Check } from './check.js';
import { fine, note } from './check.js';

/** How much of the disk Muster takes for this workspace, and what a clean-up would free. */
export async function diskCheck(dir: string, clock: Clock): Promise<Check> {
  try {
    const { state } = await loadState(dir, clock);
    const { usedBytes, capBytes, freedBytes } = await readOnlyRuntime(dir, state, clock).cleanUp(true);
    const takes = `takes ${diskText(usedBytes)} of ${diskText(capBytes)} (retention.disk_gb)`;
    if (usedBytes - freedBytes > capBytes)
      return note('disk', `${takes}, and most of it is needed.`, 'End work, or raise retention.disk_gb.');
    return fine('disk', freedBytes > 0 ? `${takes}; \`muster cleanup\` would free ${diskText(freedBytes)}` : takes);
  } catch (error) {
    return note('disk', `Could not be measured: ${error instanceof Error ? error.message : String(error)}`);
  }
}

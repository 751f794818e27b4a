import { personName } from '../host/person-name.js';
import { WorkspaceHost } from '../host/workspace-host.js';
import { packageVersion } from '../runtime/platform/package-version.js';
import { RandomIds } from '../runtime/platform/random-ids.js';
import { SystemClock } from '../runtime/platform/system-clock.js';
import { openRuntime } from '../runtime/runtime.js';
import { stateHome } from '../runtime/workspace/state-folder.js';

/** The host of the window: the runtime runs in this process, or the one that owns the workspace is asked. */
export function shellHost(onLog: (line: string) => void): WorkspaceHost {
  const clock = new SystemClock();
  const speed = process.env['MUSTER_REHEARSAL_SPEED'] ?? '';
  return new WorkspaceHost({
    clock,
    ids: new RandomIds(),
    version: packageVersion(),
    stateHome: stateHome(),
    openRuntime,
    personName: (dir) => personName(dir, process.env, clock),
    onLog,
    ...(speed === '' ? {} : { rehearsalSpeed: Number(speed) }),
  });
}

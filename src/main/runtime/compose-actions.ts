import { isAbsolute, join, relative } from 'node:path';
import type { ActionPlace } from './effects/action-place.js';
import type { Jail } from './ports/jail.js';
import { createRunRecords } from './receipts/run-records.js';
import type { WorkspaceLayout } from './workspace/layout.js';

function isBelow(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return way !== '' && !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..';
}

/** What of the project an action neither sees nor changes: Muster's own workspace in it, and git's folder, which git obeys. */
function surroundingsOf(project: string, layout: WorkspaceLayout): ActionPlace['surroundings'] {
  const unchanged = [join(project, '.git')];
  if (layout.root !== project)
    return { checkout: project, unchanged, hidden: [...(isBelow(layout.root, project) ? [layout.root] : []), join(project, '.env')] };
  return {
    checkout: project,
    hidden: [layout.runtime.root, layout.logs.root, layout.dotEnv],
    unchanged: [...unchanged, layout.configuration, layout.discordConfiguration],
  };
}

/** Where the actions of a workspace run: in the jail, in the project's folder. */
export function composeActions(
  parts: { readonly layout: WorkspaceLayout; readonly projectDir: string; readonly scratch: string },
  jail: Jail,
  writeDurably: (path: string, text: string) => Promise<void>,
): ActionPlace {
  const { layout, projectDir, scratch } = parts;
  return {
    jail,
    surroundings: surroundingsOf(projectDir, layout),
    records: createRunRecords(join(layout.runtime.root, 'runs'), writeDurably),
    outputFile: (operationId) => join(scratch, `action-${operationId}.log`),
    writeLog: (operationId, text) => writeDurably(layout.logs.operation(operationId), text),
  };
}

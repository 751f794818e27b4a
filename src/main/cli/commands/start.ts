import { isAbsolute, resolve } from 'node:path';
import { RecentWorkspaces } from '../../host/recent-workspaces.js';
import { isWorkspace } from '../../runtime/workspace/find-workspace.js';
import { stateHome } from '../../runtime/workspace/state-folder.js';
import { join } from 'node:path';
import type { CommandSpec } from '../command-spec.js';
import type { Invocation } from '../invocation.js';
import { serveHost } from '../serve-host.js';

/** `muster start`: opens the board on the workspace that was open last, or on the page of a first run. */
export const startCommand: CommandSpec = {
  path: ['start'],
  says: 'open the board on the workspace that was open last, or on the sample',
  options: [
    { usage: '--port <number>', says: 'the port on 127.0.0.1 (default: the one it had before)', atLeast: 1 },
    { usage: '--open', says: 'open the browser' },
    { usage: '--because <reason>', says: 'why it is a page and no window' },
  ],
  hasJson: true,
  isPersons: true,
  run: async (invocation) => {
    await invocation.person();
    const workspaceDir = await workspaceToOpen(invocation);
    const reason = invocation.text('because');
    return serveHost({
      invocation,
      workspaceDir,
      mustOpen: false,
      intro: [
        ...(reason === '' ? [] : [reason]),
        workspaceDir === null
          ? 'No workspace was open before: the page offers the sample and your own repositories.'
          : `Muster works on ${workspaceDir}.`,
      ],
      opensBrowser: invocation.options['open'] === true,
    });
  },
};

async function workspaceToOpen(invocation: Invocation): Promise<string | null> {
  const named = invocation.text('workspaceRoot');
  if (named !== '') return isAbsolute(named) ? named : resolve(invocation.places.cwd, named);
  const recent = await new RecentWorkspaces(join(stateHome(), 'recent-workspaces.json'), invocation.places.clock).list();
  return recent.find(({ path }) => isWorkspace(path))?.path ?? null;
}

import type { CommandSpec } from '../command-spec.js';
import { serveHost } from '../serve-host.js';

/** `muster serve`: works on the workspace and serves its board to browsers of this machine. */
export const serveCommand: CommandSpec = {
  path: ['serve'],
  says: 'work on the workspace and serve its board to a browser on this machine, until Ctrl-C',
  options: [
    { usage: '--port <number>', says: 'the port on 127.0.0.1 (default: the one it had before)', atLeast: 1 },
    { usage: '--open', says: 'open the browser' },
  ],
  hasJson: true,
  isPersons: true,
  run: async (invocation) => {
    await invocation.person();
    return serveHost({
      invocation,
      workspaceDir: invocation.workspaceDir(),
      mustOpen: true,
      intro: [`Muster works on ${invocation.workspaceDir()}.`],
      opensBrowser: invocation.options['open'] === true,
    });
  },
};

import { accessRoles } from '../../../shared/contract/rights.js';
import { stateHome } from '../../runtime/workspace/state-folder.js';
import { AccessStore } from '../../web/access-store.js';
import { ServedPorts } from '../../web/served-port.js';
import { linkOf } from '../../web/web-server.js';
import { CliError } from '../cli-error.js';
import type { CommandSpec } from '../command-spec.js';

/** `muster link`: a fresh link to the board that is served, for one person. */
export const linkCommand: CommandSpec = {
  path: ['link'],
  says: 'print a link that lets one person in to the board that is served',
  options: [
    { usage: '--role <role>', says: 'what may be done there (default: lead)', choices: accessRoles },
    { usage: '--name <name>', says: "the name under which it is done (default: git's user.name)" },
  ],
  hasJson: true,
  isPersons: true,
  run: async (invocation) => {
    await invocation.person();
    const { clock } = invocation.places;
    const workspace = invocation.workspaceDir();
    const ports = new ServedPorts(stateHome(), clock);
    const port = await ports.living(workspace);
    if (port === null)
      throw new CliError(`Nobody serves the board of ${workspace} now. Start it with \`muster serve\`, which prints a link.`);
    const role = accessRoles.find((each) => each === invocation.text('role')) ?? 'lead';
    const name = (invocation.text('name') || invocation.text('as')).trim();
    const url = linkOf(port, await new AccessStore(ports.accessDir(port), clock).newCode(role, name));
    invocation.show({ url, role }, () => [url, `It lets one ${role} in, once, within ten minutes.`]);
    return 0;
  },
};

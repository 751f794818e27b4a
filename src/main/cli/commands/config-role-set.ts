import { publicRoles, roleSettings } from '../../../shared/domain/configuration.js';
import { setConfigurationValue } from '../../runtime/workspace/configuration.js';
import { workspaceLayout } from '../../runtime/workspace/layout.js';
import { CliError } from '../cli-error.js';
import type { CommandSpec } from '../command-spec.js';

/** `muster config role set`: who runs the turns of a role. */
export const configRoleSetCommand: CommandSpec = {
  path: ['config', 'role', 'set'],
  says: 'set the model or the reasoning of a role',
  options: [
    { usage: '--agent <role>', says: 'the role', isRequired: true, choices: publicRoles },
    { usage: '--model <name>', says: 'the model' },
    { usage: '--reasoning <level>', says: 'how hard it thinks' },
  ],
  hasJson: true,
  isPersons: true,
  run: async (invocation) => {
    await invocation.person();
    const role = invocation.text('agent');
    const values = ['model', 'reasoning'].flatMap((key) => (invocation.text(key) ? [[key, invocation.text(key)] as const] : []));
    if (values.length === 0) throw new CliError('Nothing to set was given: name --model, --reasoning, or both.', 2);
    const path = workspaceLayout(invocation.workspaceDir()).configuration;
    let settings = { model: '', reasoning: '' };
    for (const [key, value] of values) {
      const set = await setConfigurationValue(path, ['role_defaults', role, key], value, invocation.places.clock);
      if (!set.ok) throw new CliError(set.error.message);
      settings = roleSettings(set.value.configuration, role);
    }
    const { model, reasoning } = settings;
    invocation.show({ file: path, role, model, reasoning }, (safe) => [
      `Updated ${safe.file}`,
      `role=${safe.role} model=${safe.model} reasoning=${safe.reasoning}`,
      'It holds from the next turn on.',
    ]);
    return 0;
  },
};

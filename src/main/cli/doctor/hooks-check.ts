import type { Configuration } from '../../../shared/domain/configuration.js';
import type { Clock } from '../../runtime/ports/clock.js';
import { projectHooks } from '../../runtime/what-would-run.js';
import type { Check } from './check.js';
import { fine, note } from './check.js';

const and = (names: readonly string[]): string => names.join(' and ');

/** Which of the project's own git hooks are asked before a commit; none where there is no repository. */
export async function hooksCheck(workspaceDir: string, configuration: Configuration, clock: Clock): Promise<readonly Check[]> {
  const hooks = await projectHooks(workspaceDir, configuration, clock);
  if (hooks === null) return [];
  const { folder, run, leftOut } = hooks;
  const isOff = !configuration.git.hooks.run;
  if (run.length > 0 && isOff)
    return [note('git hooks', `Not asked, as git.hooks.run is false: ${and(run)} in ${folder}.`, 'Set it to true in team_runtime.yaml.')];
  const asked = run.length === 0 ? 'none that could stop a commit' : `asked before each commit, in the jail: ${and(run)} in ${folder}`;
  return [fine('git hooks', leftOut.length === 0 || isOff ? asked : `${asked}; never run: ${and(leftOut)}`)];
}

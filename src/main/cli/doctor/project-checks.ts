import { join } from 'node:path';
import { shortBranchName } from '../../../shared/domain/branch-name.js';
import type { Configuration } from '../../../shared/domain/configuration.js';
import { openGitRepository } from '../../runtime/git/git-repository-adapter.js';
import { isFolder } from '../../runtime/platform/is-folder.js';
import { verifyHash } from '../../runtime/receipts/verify-hash.js';
import { sprintTerms } from '../../runtime/sprint-terms.js';
import { workspaceState } from '../../runtime/workspace/state-folder.js';
import type { CliPlaces } from '../cli-places.js';
import type { Check } from './check.js';
import { fine, note, wrong } from './check.js';

/** Whether a sprint can be started on the project as it is: the same question as at a sprint's start, and the same answer. */
export async function projectCheck(
  workspaceDir: string,
  projectDir: string,
  configuration: Configuration,
  { clock }: Pick<CliPlaces, 'clock'>,
): Promise<Check> {
  const emptyHooksDir = join(workspaceState(workspaceDir).root, 'no-hooks');
  const git = openGitRepository({ projectPath: projectDir, clock, emptyHooksDir });
  try {
    if (!(await isFolder(projectDir)))
      return wrong('project', `There is no folder ${projectDir}.`, 'Put it back, or name the right one as `project` in team_runtime.yaml.');
    const facts = await git.inspect();
    if (facts.kind === 'no-repository')
      return note('project', `${projectDir} is no git repository: work is done in place, one todo at a time, and nothing is committed.`);
    const terms = await sprintTerms(facts, git, configuration, verifyHash);
    if (terms.ok) return fine('project', `${projectDir}, work lands on ${shortBranchName(terms.value.targetRef)}`);
    const [says, remedy] = inTwo(terms.error.message);
    return wrong('project', `A sprint is refused: ${says}`, remedy);
  } catch (error) {
    return wrong('project', error instanceof Error ? error.message : String(error), 'Look at it with `git status`.');
  }
}

/** A refusal as what is the matter and the ways out, which are its last sentence. */
function inTwo(message: string): readonly [string, string] {
  const at = message.search(/ (?:Make|Check|Tell|Commit|Clone) /);
  return at === -1 ? [message, 'Put it right, then ask again.'] : [message.slice(0, at), message.slice(at + 1)];
}

import { basename } from 'node:path';
import type { FieldProblem } from '../../../shared/contract/configuration-reading.js';
import { readConfiguration } from '../../../shared/contract/configuration-reading.js';
import type { Configuration } from '../../../shared/domain/configuration.js';
import type { Result } from '../../../shared/kernel/result.js';
import { err, ok } from '../../../shared/kernel/result.js';
import type { Clock } from '../ports/clock.js';
import type { SettingValue } from './configuration-edit.js';
import { withSetting } from './configuration-edit.js';
import type { ConfigurationProblem, YamlMapping } from './configuration-yaml.js';
import { fileProblem, parseYamlMapping, readYamlMapping, valuesProblem } from './configuration-yaml.js';
import { durableReplace } from './durable-replace.js';
import { projectRoot } from './find-workspace.js';
import { workspaceLayout } from './layout.js';
import { guessProject } from './project-guess.js';
import { readProjectFiles } from './project-guess-files.js';

/** `team_runtime.yaml` as it holds now. */
export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** What has no effect or was looked up, each a sentence. */
  readonly warnings: readonly FieldProblem[];
  /** Commands that the file leaves open and that were found in the project, each a sentence. */
  readonly lookedUp: readonly string[];
  /** Of the file's bytes, lower-case hex. */
  readonly sourceSha256: string;
}

const remedy = 'Run `muster init` to make a workspace, or name another one with --workspace-root.';

/** Reads the workspace's configuration; where it does not name setup or verify commands, the project's own are looked up. Never throws. */
export async function loadConfiguration(workspaceDir: string): Promise<Result<LoadedConfiguration, ConfigurationProblem>> {
  const path = workspaceLayout(workspaceDir).configuration;
  const file = await readYamlMapping(path, remedy);
  if (!file.ok) return file;
  const reading = readingOf(file.value, path);
  if (!reading.ok) return reading;
  const { configuration, warnings, isGiven } = reading.value;
  const found = await lookUp(workspaceDir, configuration, isGiven);
  return ok({ ...found, warnings, sourceSha256: file.value.sha256 });
}

function readingOf(file: YamlMapping, path: string) {
  const reading = readConfiguration(file.values, { file: basename(path), lineOf: file.lineOf });
  return reading.ok ? reading : err(valuesProblem(path, reading.error));
}

async function lookUp(
  workspaceDir: string,
  configuration: Configuration,
  isGiven: { verify: boolean; setup: boolean },
): Promise<{ configuration: Configuration; lookedUp: readonly string[] }> {
  if (isGiven.verify && isGiven.setup) return { configuration, lookedUp: [] };
  const guess = guessProject(await readProjectFiles(projectRoot(workspaceDir, configuration.project)));
  const setup = isGiven.setup ? configuration.git.worktree.setup : guess.setup;
  return {
    configuration: {
      ...configuration,
      verify: isGiven.verify ? configuration.verify : guess.verify,
      git: { ...configuration.git, worktree: { ...configuration.git.worktree, setup } },
    },
    lookedUp: [...(isGiven.setup ? [] : guess.setupReasons), ...(isGiven.verify ? [] : guess.verifyReasons)],
  };
}

/**
 * Changes one setting of a `team_runtime.yaml`, e.g. `['role_defaults', 'developer', 'model']`; comments stay. A value that would
 * make the file wrong is refused and nothing is written. Throws a `FileWriteError` when the file cannot be written.
 */
export async function setConfigurationValue(
  path: string,
  keys: readonly (string | number)[],
  value: SettingValue,
  clock: Clock,
): Promise<Result<{ readonly configuration: Configuration; readonly isChanged: boolean }, ConfigurationProblem>> {
  const file = await readYamlMapping(path, remedy);
  if (!file.ok) return file;
  const edited = editedSource(file.value.source, path, keys, value);
  if (!edited.ok) return edited;
  const bytes = Buffer.from(edited.value, 'utf8');
  const mapping = parseYamlMapping(bytes, path);
  if (!mapping.ok) return mapping;
  const reading = readingOf(mapping.value, path);
  if (!reading.ok) return reading;
  const isChanged = edited.value !== file.value.source;
  if (isChanged) await durableReplace(path, bytes, { clock });
  return ok({ configuration: reading.value.configuration, isChanged });
}

function editedSource(
  source: string,
  path: string,
  keys: readonly (string | number)[],
  value: SettingValue,
): Result<string, ConfigurationProblem> {
  try {
    return ok(withSetting(source, keys, value));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return err(
      fileProblem('wrong-values', path, `Could not set ${keys.join('.')} in ${basename(path)}: ${reason}. Edit the file by hand.`),
    );
  }
}

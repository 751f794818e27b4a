import { z } from 'zod';
import { shortBranchName } from '../domain/branch-name.js';
import type { Configuration, RoleDefaults, VerifyCommand } from '../domain/configuration.js';
import { defaultConfiguration, roleSettings, runnerIds } from '../domain/configuration.js';
import { argv, gone, listOf, mapping, named, oneOf, pathBelow, text, textLike, timeZone, truth, wholeNumber } from './field-rules.js';

const seconds = () => wholeNumber(1, 86_400);
const count = (least: 0 | 1) => wholeNumber(least, 1000).optional();

const verifyCommand = mapping({
  name: text().optional(),
  command: argv(),
  timeout_seconds: seconds().optional(),
  network: truth().optional(),
});
const verifyCommands = listOf(verifyCommand, 'commands, each with name and command');

const roleEntry = mapping({
  model: textLike(/^[A-Za-z0-9][\w./:@-]*$/, 'a model name without spaces').optional(),
  reasoning: textLike(/^[A-Za-z][\w-]*$/, 'one word such as low, medium or high').optional(),
  runner: oneOf(runnerIds).optional(),
  network: truth().optional(),
  may_change: listOf(text(), 'globs').optional(),
  may_not_change: listOf(text(), 'globs').optional(),
});

const action = mapping({
  command: argv(),
  lifecycle: oneOf(['foreground', 'managed']).optional(),
  domain: text().optional(),
  allowed_params: listOf(text(), 'parameter names').optional(),
  network: truth().optional(),
  timeout_seconds: seconds().optional(),
  approval_required: gone('is no longer supported: remove it; whoever may give commands may run the action'),
});

// What git itself would refuse, or leave out of a name until nothing is left of it.
const personName = textLike(/^(?=.*[^\s.,:;"'\\])[^<>\u0000-\u001f\u007f]+$/u, 'a name on one line, without < and >');
const personEmail = textLike(/^(?=.*[^.,:;"'\\])[^\s<>\u0000-\u001f\u007f]+$/u, 'an e-mail address without spaces, < and >');

const git = mapping({
  isolation: oneOf(['worktree', 'in_place']).optional(),
  integrate: oneOf(['on_completion', 'on_approval']).optional(),
  target: textLike(/^(?!.*(\.\.|\/\/|@\{|\.lock$|[/.]$))[^-/.\s~^:?*[\\\u007f][^\s~^:?*[\\\u007f]*$/, 'the name of a branch').optional(),
  submodules: truth().optional(),
  worktree: mapping({
    setup: listOf(argv(), 'commands, each a list of words such as [[npm, ci]]').optional(),
    copy: listOf(pathBelow(), 'paths below the project').optional(),
    timeout_seconds: seconds().optional(),
  }).optional(),
  identity: mapping({ name: personName, email: personEmail }).optional(),
  hooks: mapping({ run: truth().optional(), timeout_seconds: seconds().optional() }).optional(),
});

const retention = mapping({
  days: wholeNumber(1, 3650).optional(),
  checkpoint_days: wholeNumber(1, 3650).optional(),
  disk_gb: wholeNumber(1, 100_000).optional(),
});

const limits = mapping({
  contract_returns: count(0),
  advisory_passes: count(0),
  architect_reviews: count(1),
  reopens: count(0),
  turn_attempts: count(1),
  effect_attempts: count(1),
  turn_minutes: wholeNumber(1, 1440).optional(),
  sprint_hours: wholeNumber(1, 720).optional(),
  parallel_todos: wholeNumber(1, 64).optional(),
  card_turns: wholeNumber(1, 10_000).optional(),
  card_tokens: wholeNumber(1).optional(),
  day_tokens: wholeNumber(1).optional(),
  day_turns: wholeNumber(1).optional(),
});

const sprint = mapping({
  id: text(),
  interval_minutes: wholeNumber(1).optional(),
  timezone: timeZone().optional(),
  mode: oneOf(['hybrid', 'rolling', 'wall_clock']).optional(),
  start_mode: oneOf(['auto', 'manual_daily']).optional(),
  cutoff_time: textLike(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time from 00:00 to 23:59, written as HH:MM').optional(),
  overlap_policy: oneOf(['no_overlap']).optional(),
  ingress_mode: oneOf(['backlog_first', 'immediate_if_idle', 'dual_path']).optional(),
  discovery_scope: oneOf(['workspace_only', 'plus_git', 'broad_scan']).optional(),
  discovery_actions: listOf(text(), 'action names').optional(),
});

/** The shape of `team_runtime.yaml`, names as in the file. Every message continues the sentence "`field` in `file` …". */
export const configurationFile = mapping({
  project: text('the path of the project folder').optional(),
  git: git.optional(),
  verify: z
    .preprocess(
      (value) => (Array.isArray(value) ? { commands: value } : value),
      mapping({ commands: verifyCommands.optional(), protect: listOf(text(), 'globs').optional() }),
    )
    .optional(),
  verify_protect: listOf(text(), 'globs').optional(),
  review: mapping({ reviewers: listOf(text(), 'names').optional(), required: wholeNumber(1, 100).optional() }).optional(),
  limits: limits.optional(),
  retention: retention.optional(),
  sprint,
  ingress: mapping({ dm: truth().optional(), mentions: truth().optional() }).optional(),
  allowed_guild_ids: listOf(
    z.preprocess((id) => (typeof id === 'number' ? String(id) : id), textLike(/^\d+$/, 'a guild id of digits only')),
    'guild ids',
  ).optional(),
  runner: oneOf(runnerIds).optional(),
  role_defaults: named(roleEntry).optional(),
  internal_agent_defaults: named(roleEntry).optional(),
  rehearsal: text('the path of a rehearsal file').optional(),
  actions: named(action).optional(),
  discord: mapping({ enabled: truth().optional() }).optional(),
  approval: gone('is no longer supported: remove the whole block; who may approve is set by review.reviewers'),
});
export type ConfigurationFile = z.infer<typeof configurationFile>;

/** The given values with every default filled in. */
export function effectiveConfiguration(file: ConfigurationFile): Configuration {
  const base = defaultConfiguration;
  const runner = file.runner ?? base.runner;
  return {
    project: file.project ?? null,
    git: effectiveGit(file),
    verify: (file.verify?.commands ?? []).map(effectiveVerify),
    verifyProtect: [...(file.verify?.protect ?? []), ...(file.verify_protect ?? [])],
    review: { reviewers: file.review?.reviewers ?? [], required: file.review?.required ?? base.review.required },
    limits: effectiveLimits(file),
    retention: {
      days: file.retention?.days ?? base.retention.days,
      checkpointDays: file.retention?.checkpoint_days ?? base.retention.checkpointDays,
      diskGb: file.retention?.disk_gb ?? base.retention.diskGb,
    },
    sprint: effectiveSprint(file),
    ingress: { dm: file.ingress?.dm ?? base.ingress.dm, mentions: file.ingress?.mentions ?? base.ingress.mentions },
    allowedGuildIds: file.allowed_guild_ids ?? [],
    runner,
    roleDefaults: effectiveRoles(file, runner),
    rehearsal: file.rehearsal ?? null,
    actions: effectiveActions(file),
    discord: { enabled: file.discord?.enabled ?? base.discord.enabled },
  };
}

function effectiveGit({ git }: ConfigurationFile): Configuration['git'] {
  const base = defaultConfiguration.git;
  return {
    isolation: git?.isolation ?? base.isolation,
    integrate: git?.integrate ?? base.integrate,
    target: git?.target ? shortBranchName(git.target) : null,
    submodules: git?.submodules ?? base.submodules,
    worktree: {
      setup: git?.worktree?.setup ?? [],
      copy: git?.worktree?.copy ?? [],
      timeoutSeconds: git?.worktree?.timeout_seconds ?? base.worktree.timeoutSeconds,
    },
    identity: git?.identity ?? base.identity,
    hooks: {
      run: git?.hooks?.run ?? base.hooks.run,
      timeoutSeconds: git?.hooks?.timeout_seconds ?? base.hooks.timeoutSeconds,
    },
  };
}

const effectiveVerify = (entry: z.infer<typeof verifyCommand>): VerifyCommand => ({
  name: entry.name ?? entry.command.join(' '),
  command: entry.command,
  timeoutSeconds: entry.timeout_seconds ?? 600,
  network: entry.network ?? false,
});

function effectiveLimits({ limits }: ConfigurationFile): Configuration['limits'] {
  const base = defaultConfiguration.limits;
  return {
    contractReturns: limits?.contract_returns ?? base.contractReturns,
    advisoryPasses: limits?.advisory_passes ?? base.advisoryPasses,
    architectReviews: limits?.architect_reviews ?? base.architectReviews,
    reopens: limits?.reopens ?? base.reopens,
    turnAttempts: limits?.turn_attempts ?? base.turnAttempts,
    effectAttempts: limits?.effect_attempts ?? base.effectAttempts,
    turnMinutes: limits?.turn_minutes ?? base.turnMinutes,
    sprintHours: limits?.sprint_hours ?? base.sprintHours,
    parallelTodos: limits?.parallel_todos ?? base.parallelTodos,
    cardTurns: limits?.card_turns ?? base.cardTurns,
    cardTokens: limits?.card_tokens ?? base.cardTokens,
    dayTokens: limits?.day_tokens ?? base.dayTokens,
    dayTurns: limits?.day_turns ?? base.dayTurns,
  };
}

function effectiveSprint({ sprint }: ConfigurationFile): Configuration['sprint'] {
  const base = defaultConfiguration.sprint;
  return {
    id: sprint.id,
    intervalMinutes: sprint.interval_minutes ?? base.intervalMinutes,
    timezone: sprint.timezone ?? base.timezone,
    mode: sprint.mode ?? base.mode,
    startMode: sprint.start_mode ?? base.startMode,
    cutoffTime: sprint.cutoff_time ?? base.cutoffTime,
    overlapPolicy: sprint.overlap_policy ?? base.overlapPolicy,
    ingressMode: sprint.ingress_mode ?? base.ingressMode,
    discoveryScope: sprint.discovery_scope ?? base.discoveryScope,
    discoveryActions: sprint.discovery_actions ?? base.discoveryActions,
  };
}

function effectiveRoles(file: ConfigurationFile, runner: Configuration['runner']): Configuration['roleDefaults'] {
  const given = { ...file.internal_agent_defaults, ...file.role_defaults };
  const base = { ...defaultConfiguration, runner };
  const roles = new Set([...Object.keys(defaultConfiguration.roleDefaults), ...Object.keys(given)]);
  return Object.fromEntries(
    [...roles].map((role): [string, RoleDefaults] => {
      const entry = Object.hasOwn(given, role) ? given[role] : undefined;
      const fallback = roleSettings(base, role);
      return [
        role,
        {
          model: entry?.model ?? fallback.model,
          reasoning: entry?.reasoning ?? fallback.reasoning,
          runner: entry?.runner ?? runner,
          network: entry?.network ?? fallback.network,
          ...(entry?.may_change ? { mayChange: entry.may_change } : {}),
          ...(entry?.may_not_change ? { mayNotChange: entry.may_not_change } : {}),
        },
      ];
    }),
  );
}

function effectiveActions(file: ConfigurationFile): Configuration['actions'] {
  const actions = Object.entries(file.actions ?? {}).map(([name, entry]) => {
    const { command, lifecycle = 'foreground', domain = 'other', allowed_params = [], network = false, timeout_seconds = 600 } = entry;
    return [name, { command, lifecycle, domain, allowedParams: allowed_params, network, timeoutSeconds: timeout_seconds }] as const;
  });
  return Object.fromEntries(actions);
}

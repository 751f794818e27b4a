/** Ids of the runners that the configuration may name. */
export const runnerIds = ['rehearsal', 'codex', 'claude'] as const;
export type RunnerId = (typeof runnerIds)[number];

/** The six roles that people may address; each has a folder of its name in the workspace. */
export const publicRoles = ['orchestrator', 'planner', 'designer', 'architect', 'developer', 'qa'] as const;

/** The roles that only the runtime addresses; their folders are below `internal/`. */
export const internalRoles = ['parser', 'sourcer', 'version_controller'] as const;

/** Who runs the turns of a role, and how. */
export interface RoleDefaults {
  readonly model: string;
  readonly reasoning: string;
  readonly runner: RunnerId;
  /** Whether commands of its turns may reach the network. */
  readonly network: boolean;
  /** Globs of the project's files that its turns may change; left out: all of them for a role that writes, none for another. */
  readonly mayChange?: readonly string[];
  /** Globs that are taken from `mayChange`. */
  readonly mayNotChange?: readonly string[];
}

/** One command that proves a todo. */
export interface VerifyCommand {
  /** Unique in the list. */
  readonly name: string;
  /** Program and arguments; no shell. */
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
  readonly network: boolean;
}

/** An action that a person may ask for by name (sprint-runtime 2.2). */
export interface ActionDefinition {
  /** Program and arguments with `{name}` placeholders; no shell. */
  readonly command: readonly string[];
  /** `managed` runs on in the background. */
  readonly lifecycle: 'foreground' | 'managed';
  readonly domain: string;
  readonly allowedParams: readonly string[];
  readonly network: boolean;
  readonly timeoutSeconds: number;
}

/** Who a commit is by. */
export interface CommitIdentity {
  readonly name: string;
  readonly email: string;
}

/** Where the work lands, and how its checkout is made ready. */
export interface GitConfiguration {
  readonly isolation: 'worktree' | 'in_place';
  readonly integrate: 'on_completion' | 'on_approval';
  /** A branch name; null: the branch that is checked out when the sprint starts. */
  readonly target: string | null;
  readonly submodules: boolean;
  readonly worktree: {
    readonly setup: readonly (readonly string[])[];
    /** Paths, relative to the project, of untracked files that a checkout needs. */
    readonly copy: readonly string[];
    readonly timeoutSeconds: number;
  };
  /** Author and committer of closeout commits; null: who git itself says. */
  readonly identity: CommitIdentity | null;
  /** The project's own pre-commit and commit-msg hooks, run before each commit; the limit is each hook's own. */
  readonly hooks: { readonly run: boolean; readonly timeoutSeconds: number };
}

/** Where every loop ends. Counts unless the name has a unit. */
export interface Limits {
  readonly contractReturns: number;
  readonly advisoryPasses: number;
  readonly architectReviews: number;
  readonly reopens: number;
  readonly turnAttempts: number;
  readonly effectAttempts: number;
  readonly turnMinutes: number;
  readonly sprintHours: number;
  readonly parallelTodos: number;
  readonly cardTurns: number;
  /** Tokens that one card may use; null: only the day's limit counts. */
  readonly cardTokens: number | null;
  readonly dayTokens: number;
  /** Turns of a day, UTC; null: only the day's tokens count. */
  readonly dayTurns: number | null;
}

/** When sprints start by themselves and what they look for (sprint-runtime 2.2). */
export interface SprintConfiguration {
  readonly id: string;
  readonly intervalMinutes: number;
  /** IANA name. */
  readonly timezone: string;
  readonly mode: 'hybrid' | 'rolling' | 'wall_clock';
  readonly startMode: 'auto' | 'manual_daily';
  /** `HH:MM`, 24 hours, in `timezone`. */
  readonly cutoffTime: string;
  readonly overlapPolicy: 'no_overlap';
  readonly ingressMode: 'backlog_first' | 'immediate_if_idle' | 'dual_path';
  readonly discoveryScope: 'workspace_only' | 'plus_git' | 'broad_scan';
  /** Names of `actions`. */
  readonly discoveryActions: readonly string[];
}

/** The effective values of `team_runtime.yaml`: every default filled in, plain data, safe on any wire and in the journal. */
export interface Configuration {
  /** The project's folder as written, relative to the workspace; null: by the workspace's place (sprint-runtime 1.1). */
  readonly project: string | null;
  readonly git: GitConfiguration;
  readonly verify: readonly VerifyCommand[];
  /** Globs, added to the built-in ones; a change below them makes a receipt *with gaps*. */
  readonly verifyProtect: readonly string[];
  readonly review: {
    /** Names; empty: any person. */
    readonly reviewers: readonly string[];
    readonly required: number;
  };
  readonly limits: Limits;
  /** How long what ended work left on the disk stays, and how much disk Muster takes before the oldest goes earlier. */
  readonly retention: { readonly days: number; readonly checkpointDays: number; readonly diskGb: number };
  readonly sprint: SprintConfiguration;
  readonly ingress: { readonly dm: boolean; readonly mentions: boolean };
  /** Discord snowflakes; empty: no filter. */
  readonly allowedGuildIds: readonly string[];
  /** For a role without an entry of its own. */
  readonly runner: RunnerId;
  readonly roleDefaults: Readonly<Record<string, RoleDefaults>>;
  /** Path of the rehearsal for the rehearsal runner, relative to the workspace. */
  readonly rehearsal: string | null;
  readonly actions: Readonly<Record<string, ActionDefinition>>;
  readonly discord: { readonly enabled: boolean };
}

const defaultModel = 'gpt-5.4';

const roleOf = (reasoning: string): RoleDefaults => ({ model: defaultModel, reasoning, runner: 'codex', network: false });

/** What holds where `team_runtime.yaml` says nothing (sprint-runtime 2.2, product: Board). */
export const defaultConfiguration: Configuration = {
  project: null,
  git: {
    isolation: 'worktree',
    integrate: 'on_completion',
    target: null,
    submodules: false,
    worktree: { setup: [], copy: [], timeoutSeconds: 600 },
    identity: null,
    hooks: { run: true, timeoutSeconds: 300 },
  },
  verify: [],
  verifyProtect: [],
  review: { reviewers: [], required: 1 },
  retention: { days: 7, checkpointDays: 30, diskGb: 20 },
  limits: {
    contractReturns: 2,
    advisoryPasses: 2,
    architectReviews: 3,
    reopens: 3,
    turnAttempts: 2,
    effectAttempts: 3,
    turnMinutes: 30,
    sprintHours: 8,
    parallelTodos: 1,
    cardTurns: 40,
    cardTokens: null,
    dayTokens: 20_000_000,
    dayTurns: 1_000,
  },
  sprint: {
    id: 'initial',
    intervalMinutes: 180,
    timezone: 'UTC',
    mode: 'hybrid',
    startMode: 'auto',
    cutoffTime: '22:00',
    overlapPolicy: 'no_overlap',
    ingressMode: 'backlog_first',
    discoveryScope: 'broad_scan',
    discoveryActions: [],
  },
  ingress: { dm: true, mentions: true },
  allowedGuildIds: [],
  runner: 'codex',
  roleDefaults: {
    orchestrator: roleOf('medium'),
    planner: roleOf('medium'),
    designer: roleOf('medium'),
    architect: roleOf('medium'),
    developer: roleOf('high'),
    qa: roleOf('medium'),
    parser: roleOf('low'),
    sourcer: roleOf('medium'),
    version_controller: roleOf('low'),
  },
  rehearsal: null,
  actions: {},
  discord: { enabled: true },
};

/** The settings of a role; a role without an entry gets the default model, medium reasoning and the workspace's runner. */
export const roleSettings = (configuration: Configuration, role: string): RoleDefaults =>
  (Object.hasOwn(configuration.roleDefaults, role) ? configuration.roleDefaults[role] : undefined) ?? {
    ...roleOf('medium'),
    runner: configuration.runner,
  };

/** Who closeout commits are by, where the settings say it; null: who git itself says. A state of before the setting existed has none. */
export const commitIdentity = (configuration: Configuration | null): CommitIdentity | null =>
  (configuration?.git as Partial<GitConfiguration> | undefined)?.identity ?? null;

/** The part of a configuration that decides what is run on this machine, and where; a person's trust covers exactly this. */
export interface ExecutingFields {
  readonly project: string | null;
  readonly isolation: GitConfiguration['isolation'];
  readonly setup: readonly (readonly string[])[];
  readonly copy: readonly string[];
  readonly verify: readonly VerifyCommand[];
  readonly actions: Readonly<Record<string, ActionDefinition>>;
  /** Per role. */
  readonly runners: Readonly<Record<string, { readonly runner: RunnerId; readonly network: boolean }>>;
  readonly defaultRunner: RunnerId;
  readonly rehearsal: string | null;
  /** The project's `core.hooksPath` where it lies in the checkout, so that work can change what runs; left out where it does not. */
  readonly hooksPath?: string;
}

/** What a workspace's trust is given for (rules 6); `hooksPath` is where git finds hooks in the checkout, null where it does not. */
export function executingFields(configuration: Configuration, hooksPath: string | null = null): ExecutingFields {
  const runners = Object.entries(configuration.roleDefaults).map(([role, { runner, network }]) => [role, { runner, network }] as const);
  return {
    project: configuration.project,
    isolation: configuration.git.isolation,
    setup: configuration.git.worktree.setup,
    copy: configuration.git.worktree.copy,
    verify: configuration.verify,
    actions: configuration.actions,
    runners: Object.fromEntries(runners),
    defaultRunner: configuration.runner,
    rehearsal: configuration.rehearsal,
    ...(hooksPath === null ? {} : { hooksPath }),
  };
}

import type { z } from 'zod';
import type { Configuration } from '../domain/configuration.js';
import { defaultConfiguration } from '../domain/configuration.js';
import type { Result } from '../kernel/result.js';
import { err, ok } from '../kernel/result.js';
import { placeholdersOf } from '../domain/action-command.js';
import { configurationFile, effectiveConfiguration } from './configuration.js';

/** One thing about one field. */
export interface FieldProblem {
  /** Keys and list places from the top of the file. */
  readonly keys: readonly (string | number)[];
  /** A sentence that names field, file and value. */
  readonly message: string;
}

/** Where a field stands, for the sentences; `lineOf` counts from 1, null where it is not in the file. */
export interface FieldPlaces {
  readonly file: string;
  lineOf(keys: readonly (string | number)[]): number | null;
}

/** A configuration and what a person should know about it although it can be used. */
export interface ConfigurationReading {
  readonly configuration: Configuration;
  readonly warnings: readonly FieldProblem[];
  /** What the file leaves to be looked up in the project. */
  readonly isGiven: { readonly verify: boolean; readonly setup: boolean };
}

/** `team_runtime.yaml`'s values, read from YAML or JSON, as effective configuration, or every wrong field. Never throws. */
export function readConfiguration(values: unknown, places: FieldPlaces): Result<ConfigurationReading, readonly FieldProblem[]> {
  const given = withoutNulls(values);
  const first = configurationFile.safeParse(given);
  const unknown = first.success ? [] : first.error.issues.flatMap((issue) => unknownKeys(issue, given));
  const second = first.success ? first : configurationFile.safeParse(without(given, unknown));
  const problems = second.success ? [] : second.error.issues.map((issue) => problemOf(issue, given, places));
  if (!second.success) return err(problems);
  const file = second.data;
  const clashes = repeatedVerifyNames(effectiveConfiguration(file), places);
  if (clashes.length > 0) return err(clashes);
  const configuration = effectiveConfiguration(file);
  return ok({
    configuration,
    warnings: [...unknown.map((keys) => unknownKeyWarning(keys, places)), ...looseEnds(configuration, places)],
    isGiven: { verify: file.verify?.commands !== undefined, setup: file.git?.worktree?.setup !== undefined },
  });
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const keptWhenEmpty = new Set(['approval', 'approval_required']);

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => (part === null && !keptWhenEmpty.has(key) ? [] : [[key, withoutNulls(part)]])),
  );
}

type Keys = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

const keysOf = (path: readonly PropertyKey[]): Keys => path.map((key) => (typeof key === 'symbol' ? String(key) : key));

// `verify: [...]` is read as `verify: { commands: [...] }`; the person wrote the first.
const asWritten = (keys: Keys, values: unknown): Keys =>
  keys[0] === 'verify' && keys[1] === 'commands' && isMapping(values) && Array.isArray(values['verify'])
    ? ['verify', ...keys.slice(2)]
    : keys;

const unknownKeys = (issue: Issue, values: unknown): Keys[] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...asWritten(keysOf(issue.path), values), key]) : [];

function without(values: unknown, paths: readonly Keys[]): unknown {
  const copy = withoutNulls(values);
  for (const path of paths) {
    const parent = valueAt(copy, path.slice(0, -1));
    const key = path.at(-1);
    if (isMapping(parent) && key !== undefined) Reflect.deleteProperty(parent, key);
  }
  return copy;
}

function valueAt(values: unknown, keys: Keys): unknown {
  let value = values;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

const fieldName = (keys: Keys): string =>
  keys.reduce<string>((name, key) => (typeof key === 'number' ? `${name}[${key}]` : name === '' ? key : `${name}.${key}`), '');

function shown(value: unknown): string {
  const json = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}

function placeOf(keys: Keys, places: FieldPlaces): string {
  const line = places.lineOf(keys);
  return line === null ? '' : ` (line ${line})`;
}

function problemOf(issue: Issue, values: unknown, places: FieldPlaces): FieldProblem {
  const keys = asWritten(keysOf(issue.path), values);
  const value = valueAt(values, keys);
  const field = keys.length === 0 ? 'The top level' : fieldName(keys);
  const where = `${field} in ${places.file}`;
  if (value === undefined) return { keys, message: `${where} is missing; it ${issue.message}.` };
  const isRule = issue.message.startsWith('must');
  const but = isRule ? `, but it is ${shown(value)}` : '';
  return { keys, message: `${where} ${issue.message}${but}${placeOf(keys, places)}.` };
}

function unknownKeyWarning(keys: Keys, places: FieldPlaces): FieldProblem {
  return {
    keys,
    message: `${fieldName(keys)} in ${places.file} is not a setting that Muster knows and has no effect${placeOf(keys, places)}; check its spelling or remove it.`,
  };
}

function repeatedVerifyNames({ verify }: Configuration, places: FieldPlaces): FieldProblem[] {
  const seen = new Set<string>();
  return verify.flatMap(({ name }, index) => {
    if (!seen.has(name)) return (seen.add(name), []);
    const keys = ['verify', index, 'name'];
    return [
      {
        keys,
        message: `${fieldName(keys)} in ${places.file} must be a name of its own, but ${shown(name)} is used before${placeOf(keys, places)}.`,
      },
    ];
  });
}

/** Actions that are read and kept, and that nobody can run as they are. */
const actionEnds = ({ actions }: Configuration, places: FieldPlaces): FieldProblem[] =>
  Object.entries(actions).flatMap(([name, { command, lifecycle, allowedParams }]) => {
    const keys = ['actions', name];
    const where = `${fieldName(keys)} in ${places.file}`;
    const unknown = placeholdersOf(command).filter((param) => !allowedParams.includes(param));
    return [
      ...(lifecycle === 'managed'
        ? [
            {
              keys,
              message: `${where} is managed${placeOf(keys, places)}: it would run on in the background, which Muster does not do, so it is refused when somebody asks for it. Make it \`lifecycle: foreground\`.`,
            },
          ]
        : []),
      ...unknown.map((param) => ({
        keys,
        message: `${where} has {${param}} in its command${placeOf(keys, places)}, which is not among its allowed_params, so it is refused when somebody asks for it.`,
      })),
    ];
  });

function looseEnds(configuration: Configuration, places: FieldPlaces): FieldProblem[] {
  const roles = Object.keys(configuration.roleDefaults).filter((role) => !Object.hasOwn(defaultConfiguration.roleDefaults, role));
  const missing = configuration.sprint.discoveryActions.filter((name) => configuration.actions[name]?.lifecycle !== 'foreground');
  return [
    ...actionEnds(configuration, places),
    ...roles.map((role) => {
      const keys = ['role_defaults', role];
      return {
        keys,
        message: `${fieldName(keys)} in ${places.file} names a role that the team does not have${placeOf(keys, places)}; the setting is kept and has no effect.`,
      };
    }),
    ...missing.map((name) => {
      const keys = ['sprint', 'discovery_actions'];
      return {
        keys,
        message: `${fieldName(keys)} in ${places.file} names ${shown(name)}, which is not a foreground action of actions${placeOf(keys, places)}; discovery leaves it out.`,
      };
    }),
  ];
}

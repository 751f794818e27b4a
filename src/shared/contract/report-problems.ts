import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined),
    root,
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;

function sentence(issue: Issue, root: unknown): string {
  const at = issue.path.length === 0 ? 'The report' : pathText(issue.path);
  const value = valueAt(root, issue.path);
  switch (issue.code) {
    case 'invalid_value':
      return value === undefined
        ? `${at} is missing; allowed: ${issue.values.join(', ')}.`
        : `${at} is ${shown(value)}; allowed: ${issue.values.join(', ')}.`;
    case 'invalid_type':
      return value === undefined ? `${at} is missing; give ${issue.expected}.` : `${at} is ${kindOf(value)}; give ${issue.expected}.`;
    case 'unrecognized_keys':
      return `${at} has unknown ${issue.keys.length === 1 ? 'key' : 'keys'} ${issue.keys.slice(0, 10).map(shown).join(', ')}; leave ${issue.keys.length === 1 ? 'it' : 'them'} out.`;
    case 'too_big':
      return (
        `${at} is too large: at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : issue.origin === 'array' ? 'entries' : ''}`.trimEnd() +
        '.'
      );
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `${at} is empty; it must say something.`
        : `${at} is ${shown(value)}; at least ${issue.minimum}.`;
    default:
      return `${at} is ${shown(value)}, which the report's contract does not allow: ${issue.message}.`;
  }
}

const maxProblems = 20;

/** One sentence for each issue, naming the field, its value and what is allowed; at most 20, and how many more there are. */
export function sentencesOf(issues: readonly Issue[], root: unknown): string[] {
  const sentences = issues.slice(0, maxProblems).map((issue) => sentence(issue, root));
  const left = issues.length - sentences.length;
  return left > 0 ? [...sentences, `There are ${left} more problems of this kind.`] : sentences;
}

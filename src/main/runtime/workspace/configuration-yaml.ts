import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Document, Node } from 'yaml';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { FieldProblem } from '../../../shared/contract/configuration-reading.js';
import type { Result } from '../../../shared/kernel/result.js';
import { err, ok } from '../../../shared/kernel/result.js';

/** Why a configuration file cannot be used; `message` is one sentence or, with several wrong fields, one a line. */
export interface ConfigurationProblem {
  readonly kind: 'missing' | 'unreadable' | 'not-yaml' | 'not-a-mapping' | 'wrong-values';
  readonly path: string;
  readonly message: string;
  readonly fields: readonly FieldProblem[];
}

/** A configuration file's mapping. Whole numbers beyond 2^53 (Discord ids) are their digits as text. */
export interface YamlMapping {
  readonly values: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly sha256: string;
  readonly lineOf: (keys: readonly (string | number)[]) => number | null;
}

const largestBytes = 1024 * 1024;
const deepest = 32;

/** A problem without fields of its own. */
export const fileProblem = (kind: ConfigurationProblem['kind'], path: string, message: string): ConfigurationProblem => ({
  kind,
  path,
  message,
  fields: [],
});

/** All wrong fields as one problem. */
export const valuesProblem = (path: string, fields: readonly FieldProblem[]): ConfigurationProblem => ({
  kind: 'wrong-values',
  path,
  message: fields.map(({ message }) => message).join('\n'),
  fields,
});

/** Reads a YAML file whose top level is a mapping. `remedy` ends the sentence about a missing file. Never throws. */
export async function readYamlMapping(path: string, remedy: string): Promise<Result<YamlMapping, ConfigurationProblem>> {
  try {
    return parseYamlMapping(await readFile(path), path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT') return err(fileProblem('missing', path, `Could not find ${path}. ${remedy}`));
    return err(fileProblem('unreadable', path, `Could not read ${path}: ${code}. Make it a file that you may read.`));
  }
}

/** As `readYamlMapping`, of bytes in hand; `path` is for the sentences. */
export function parseYamlMapping(bytes: Uint8Array, path: string): Result<YamlMapping, ConfigurationProblem> {
  const name = basename(path);
  if (bytes.byteLength > largestBytes)
    return err(
      fileProblem(
        'unreadable',
        path,
        `Could not read ${name}: it has ${bytes.byteLength} bytes, and at most ${largestBytes} are read. Make it smaller.`,
      ),
    );
  const source = decode(bytes);
  if (source === null)
    return err(
      fileProblem(
        'unreadable',
        path,
        `Could not read ${name}: it is not text in UTF-8. Save it as UTF-8 or restore an earlier version of it.`,
      ),
    );
  const lines = new LineCounter();
  const document = parseDocument(source, { intAsBigInt: true, lineCounter: lines, prettyErrors: false, strict: true, logLevel: 'error' });
  const wrong = document.errors[0] ?? document.warnings[0];
  if (wrong) return err(syntaxProblem(path, lines, wrong.pos[0], wrong.message));
  const value = plainValue(document);
  if ('reason' in value)
    return err(
      fileProblem(
        'not-yaml',
        path,
        `Could not read ${name}: ${value.reason}. Write the values out, or restore an earlier version of the file.`,
      ),
    );
  return mappingOf(value.plain, {
    source,
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    lineOf: (keys) => lineOf(document, lines, keys),
  });
}

function mappingOf(
  value: unknown,
  file: { source: string; path: string; sha256: string; lineOf: YamlMapping['lineOf'] },
): Result<YamlMapping, ConfigurationProblem> {
  const { path, ...rest } = file;
  const name = basename(path);
  if (value === null || value === undefined)
    return err(
      fileProblem(
        'not-a-mapping',
        path,
        `Could not use ${name}: it is empty. Restore an earlier version of it, or remove it and run \`muster init\` for a fresh one.`,
      ),
    );
  if (typeof value !== 'object' || Array.isArray(value)) {
    const what = Array.isArray(value) ? 'a list' : 'a single value';
    return err(
      fileProblem(
        'not-a-mapping',
        path,
        `Could not use ${name}: its top level must be a mapping of names to values, but it is ${what}. Write it as \`name: value\` lines.`,
      ),
    );
  }
  return ok({ ...rest, values: value as Record<string, unknown> });
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function syntaxProblem(path: string, lines: LineCounter, offset: number, reason: string): ConfigurationProblem {
  const { line, col } = lines.linePos(offset);
  const what = reason.replace(/\s+/g, ' ').replace(/[.:]$/, '');
  return fileProblem(
    'not-yaml',
    path,
    `Could not read ${basename(path)}: line ${Math.max(line, 1)}, column ${Math.max(col, 1)}: ${what}. Correct that line, or restore an earlier version of the file.`,
  );
}

function plainValue(document: Document): { plain: unknown } | { reason: string } {
  try {
    return { plain: plain(document.toJS({ maxAliasCount: 100 }), 0) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

// Aliases can make a value contain itself; the depth ends that too.
function plain(value: unknown, depth: number): unknown {
  if (depth > deepest) throw new Error(`it is nested deeper than ${deepest} levels`);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map((part) => plain(part, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part, depth + 1)]));
}

function lineOf(document: Document, lines: LineCounter, keys: readonly (string | number)[]): number | null {
  let node: unknown = document.contents;
  let found: number | null = null;
  for (const key of keys) {
    const step = stepInto(node, key);
    if (step === null) return found;
    const at = step.at?.range?.[0];
    found = at === undefined ? found : lines.linePos(at).line;
    node = step.value;
  }
  return found;
}

function stepInto(node: unknown, key: string | number): { at: Node | null; value: unknown } | null {
  if (isSeq(node)) {
    const item = typeof key === 'number' ? node.items[key] : undefined;
    return item === undefined ? null : { at: isNode(item) ? item : null, value: item };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
  return pair ? { at: isNode(pair.key) ? pair.key : null, value: pair.value } : null;
}

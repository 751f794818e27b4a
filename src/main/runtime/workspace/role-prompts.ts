import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { packageRoot } from '../platform/package-root.js';
import { readTextAtOnce } from '../platform/read-at-once.js';
import { workspaceLayout } from './layout.js';

/** One text that a prompt was put together from. */
export interface PromptSource {
  /** Absolute. */
  readonly path: string;
  readonly from: 'workspace' | 'shipped';
  /** The number in its front matter; null where a person's text has none. */
  readonly version: number | null;
}

/** What a role is told before the facts of a turn: who it is, then its step. */
export interface RolePrompts {
  readonly text: string;
  /** First 16 hex digits of the text's SHA-256. */
  readonly version: string;
  readonly sources: readonly PromptSource[];
}

/** The shipped prompts and the scaffold are below it. */
export const resourcesFolder = (): string => join(packageRoot(), 'resources');

/**
 * The role's prompt (`AGENTS.md`) and the step's (`prompts/<step>.md`) from the workspace's role folder, each from the shipped ones
 * where the workspace has none or an empty one. A step that neither knows adds nothing. Throws when a file is there but cannot be
 * read, and for a role or step that is not a plain word.
 */
export async function readRolePrompts(
  workspaceDir: string,
  role: string,
  step: string,
  resources: string = resourcesFolder(),
): Promise<RolePrompts> {
  for (const name of [role, step])
    if (!/^[a-z][a-z0-9_-]*$/.test(name))
      throw new Error(`Could not read the prompt of ${role} for ${step}: ${JSON.stringify(name)} is not the name of a role or step.`);
  const { role: files } = workspaceLayout(workspaceDir);
  const shipped = (name: string): string => join(resources, 'prompts', role, `${name}.md`);
  const parts = [
    await firstOf(files.prompt(role), () => shippedRolePrompt(resources, role), shipped('role')),
    await firstOf(files.stepPrompt(role, step), () => readText(shipped(step)), shipped(step)),
  ];
  const found = parts.filter((part) => part !== null);
  const text = found.map(({ body }) => body).join('\n');
  return { text, version: createHash('sha256').update(text).digest('hex').slice(0, 16), sources: found.map(({ source }) => source) };
}

/** The shipped prompt of a role with what holds for every role, as `init` writes it to `AGENTS.md`; null for an unknown role. */
export async function shippedRolePrompt(resources: string, role: string): Promise<string | null> {
  const [own, common] = await Promise.all([
    readText(join(resources, 'prompts', role, 'role.md')),
    readText(join(resources, 'prompts', 'common.md')),
  ]);
  return own === null ? null : `${own}\n${splitFrontMatter(common ?? '').body}`;
}

interface Part {
  readonly body: string;
  readonly source: PromptSource;
}

async function firstOf(own: string, readShipped: () => Promise<string | null>, shippedPath: string): Promise<Part | null> {
  const mine = splitFrontMatter((await readText(own)) ?? '');
  if (mine.body.trim() !== '') return { body: mine.body, source: { path: own, from: 'workspace', version: mine.version } };
  const shipped = await readShipped();
  if (shipped === null) return null;
  const { body, version } = splitFrontMatter(shipped);
  return { body, source: { path: shippedPath, from: 'shipped', version } };
}

function splitFrontMatter(text: string): { body: string; version: number | null } {
  const plain = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const front = /^---\n([\s\S]*?)\n---\n/.exec(plain);
  if (!front) return { body: plain, version: null };
  const version = /^version:\s*(\d+)\s*$/m.exec(front[1] ?? '');
  return { body: plain.slice(front[0].length), version: version ? Number(version[1]) : null };
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readTextAtOnce(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(
      `Could not read the prompt ${path}: ${error instanceof Error ? error.message : String(error)}. Make it a file that you may read.`,
      { cause: error },
    );
  }
}

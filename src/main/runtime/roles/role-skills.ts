import { constants } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Something that a role has written instructions for, in `.agents/skills/<name>/SKILL.md` of its folder. */
export interface RoleSkill {
  readonly name: string;
  /** One line, from its front matter; may be empty. */
  readonly description: string;
}

const skillsAtMost = 50;
/** A link is not copied into a session's folder, so what it leads to is no skill of a turn. */
const unlinked = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);
const plainName = /^[A-Za-z0-9][\w.-]{0,60}$/;
const descriptionOf = (text: string): string =>
  (/^---\r?\n[\s\S]*?^description:[ \t]*(.*)$[\s\S]*?^---/m.exec(text)?.[1] ?? '')
    .replaceAll(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, 200);

async function readSkill(folder: string, name: string): Promise<RoleSkill | null> {
  try {
    const text = await readFile(join(folder, name, 'SKILL.md'), { encoding: 'utf8', flag: unlinked });
    return { name, description: descriptionOf(text) };
  } catch (error) {
    if (['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** The skills in a folder, by name; none where there is no such folder. */
export async function readSkills(folder: string): Promise<readonly RoleSkill[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory() && plainName.test(entry.name)).map(({ name }) => name);
    const found = await Promise.all(
      names
        .toSorted()
        .slice(0, skillsAtMost)
        .map((name) => readSkill(folder, name)),
    );
    return found.filter((skill) => skill !== null);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

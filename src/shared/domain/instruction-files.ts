const files: ReadonlySet<string> = new Set([
  'claude.md',
  'claude.local.md',
  'agents.md',
  'agents.override.md',
  'gemini.md',
  '.mcp.json',
  'opencode.json',
  'opencode.jsonc',
  'copilot-instructions.md',
  '.cursorrules',
  '.clinerules',
  '.windsurfrules',
  '.aider.conf.yml',
]);

const folders: ReadonlySet<string> = new Set([
  '.claude',
  '.codex',
  '.agents',
  '.gemini',
  '.opencode',
  '.cursor',
  '.clinerules',
  '.windsurf',
  '.roo',
]);

function isInstructionFile(path: string): boolean {
  const parts = path.toLowerCase().split('/');
  const name = parts.pop() ?? '';
  return files.has(name) || folders.has(name) || parts.some((part) => folders.has(part));
}

/**
 * Those of the project's files that a runner, of Muster or of a person, would obey by itself (rules 6): instructions, settings, hooks and
 * servers of coding agents, at any depth; sorted. Paths have `/`; case does not count, as on many disks.
 */
export const instructionFilesAmong = (paths: readonly string[]): readonly string[] => paths.filter(isInstructionFile).sort();

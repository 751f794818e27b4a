import { describe, expect, it } from 'vitest';
import { showCard } from '../../src/main/cli/screens/show-card.js';
import { cardView } from '../../src/main/runtime/views-card.js';
import { instructionFilesAmong } from '../../src/shared/domain/instruction-files.js';
import { landedTodo, sampleReceipt, sampleRevision, stateWith } from '../fakes/sample-todo.js';

describe('files that a runner would obey', () => {
  it('are found at any depth and in any case, and only by their whole name', () => {
    const obeyed = [
      '.claude/settings.json',
      '.codex/config.toml',
      '.cursor/rules/style.mdc',
      '.github/copilot-instructions.md',
      '.mcp.json',
      'AGENTS.md',
      'CLAUDE.md',
      'docs/agents.md',
      'lib/.claude',
      'opencode.json',
      'packages/api/GEMINI.md',
    ];
    expect(instructionFilesAmong([...obeyed.toReversed(), 'README.md', 'lib/agents.mdx', 'claude/notes.md', 'src/mcp.json'])).toEqual(
      obeyed,
    );
  });

  it('stand in what `show` says of a revision, and are no gap', () => {
    const receipt = sampleReceipt({ badge: 'verified', gaps: [], instructionChanges: ['AGENTS.md', '.claude/x'] });
    const todo = landedTodo({ revisions: [sampleRevision({ isIntegrated: true, receipt })] });
    const viewer = { actor: { kind: 'person', id: 'Ann', via: 'cli' }, now: '2026-03-24T10:00:00.000Z' } as const;
    const lines = showCard(cardView(todo, stateWith(todo), viewer), (_style, text) => text);
    expect(lines).toContain('    Look at them, for agents obey them: AGENTS.md, .claude/x');
    expect(lines.some((line) => line.includes('Gap:'))).toBe(false);
  });
});

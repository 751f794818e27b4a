import { describe, expect, it } from 'vitest';
import { commitMessage, mainFile } from '../../../src/shared/domain/commit-message.js';

const of = {
  sprintId: '260324-Sprint-09-00',
  todoId: 'todo-090000-000001',
  revision: 1,
  title: 'Know weeks',
  paths: ['test/weeks.test.js', 'README.md', 'src/units.js'],
};

describe('the message of a commit', () => {
  it('begins with the sprint, the todo and the file that it is mostly about', () => {
    expect(commitMessage(of)).toBe('[260324-Sprint-09-00] todo-090000-000001 units.js: Know weeks');
    expect(mainFile(['docs/a.md', 'test/a.test.js'])).toBe('a.test.js');
    expect(mainFile([])).toBe('project');
  });

  it('names a later revision', () => {
    expect(commitMessage({ ...of, revision: 3 })).toMatch(/: Know weeks \(revision 3\)$/);
  });

  it('is one line of at most 200 characters, and never ends in half a character', () => {
    const message = commitMessage({ ...of, title: `Two\nlines ${'🧭'.repeat(300)}` });
    expect(message).not.toContain('\n');
    expect([...message].length).toBeLessThanOrEqual(200);
    expect(message.isWellFormed()).toBe(true);
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../../src/main/runtime/workspace/configuration.js';
import { currentRevision } from '../../../src/shared/domain/state.js';
import { makeSprintGround, todoNamed } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';

const title = 'Sum it up';
let ground: SprintGround;

afterEach(async () => {
  await ground.dispose();
});

async function withRights(rights: Readonly<Record<string, unknown>>): Promise<void> {
  const file = join(ground.workspace, 'team_runtime.yaml');
  const configured = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify({ ...configured, role_defaults: rights }));
}

const notesOf = (todo: ReturnType<typeof todoNamed>, role: string): readonly string[] =>
  todo.reports.filter((report) => report.role === role).flatMap(({ notes }) => notes);

describe('what a role may change', () => {
  it('is kept, and what it may not change is put back with a note that names it', async () => {
    ground = await makeSprintGround({
      todos: [
        {
          title,
          developer: {
            edits: [
              { write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' },
              { write: 'ci/deploy.yaml', content: 'changed: true\n' },
              { write: 'ci/extra.yaml', content: 'new: true\n' },
            ],
          },
          qa: {
            edits: [{ write: 'lib/sum.mjs', content: 'export const sum = () => 0;\n' }],
            report: {
              summary: 'It holds.',
              proposals: {
                workflow_transition: { outcome: 'complete', reason: 'Fine.' },
                qa_validation: {
                  methodology: 'evidence_matrix',
                  decision: 'pass',
                  evidence_matrix: [{ criterion: 'The tests say so', source: 'spec.md', evidence: 'node --test', result: 'pass' }],
                  passed_checks: ['node --test'],
                  findings: [],
                  residual_risks: [],
                  not_checked: [],
                },
              },
            },
          },
        },
      ],
      files: { 'lib/sum.mjs': 'export const sum = (a, b) => a + b;\n', 'ci/deploy.yaml': 'changed: false\n' },
      verify: {},
    });
    await withRights({ developer: { may_not_change: ['ci/**'] } });
    const runtime = await ground.play();
    const todo = todoNamed(runtime.state(), title);
    expect(notesOf(todo, 'developer')).toEqual([
      'The developer may not change these files of the project; put back: ci/deploy.yaml, ci/extra.yaml.',
    ]);
    expect(notesOf(todo, 'qa')).toEqual(['The qa may not change files of the project; put back: lib/sum.mjs.']);
    const commit = currentRevision(todo).closeout?.commit ?? '';
    expect((await ground.repository.git('show', '--name-only', '--format=', commit)).split('\n')).toEqual(['lib/sum.mjs']);
    expect(await ground.repository.git('show', `${commit}:lib/sum.mjs`)).toContain('b + a');
  });

  it('is read from team_runtime.yaml', async () => {
    ground = await makeSprintGround({ todos: [{ title, developer: {} }], files: { 'a.txt': 'a\n' } });
    await withRights({ designer: { may_change: ['docs/**'], may_not_change: ['docs/api/**'] } });
    const loaded = await loadConfiguration(ground.workspace);
    expect(loaded.ok && loaded.value.configuration.roleDefaults['designer']).toMatchObject({
      mayChange: ['docs/**'],
      mayNotChange: ['docs/api/**'],
    });
  });
});

import { columnOf } from '../../../shared/domain/board.js';
import type { Receipt } from '../../../shared/domain/receipt.js';
import type { State, Todo } from '../../../shared/domain/state.js';
import type { DemoPlace } from '../../host/demo-workspace.js';

/** What `muster demo --json` prints; scripts rely on its shape. */
export interface DemoResult {
  readonly workspace: string;
  readonly project: string;
  readonly sprint_id: string;
  readonly status: string;
  readonly todos: readonly {
    readonly todo_id: string;
    readonly title: string;
    readonly status: string;
    readonly column: string;
    readonly revisions: readonly { readonly commit: string; readonly receipt: DemoReceipt | null }[];
  }[];
}

interface DemoReceipt {
  readonly badge: string;
  readonly commit: string;
  readonly tree: string;
  readonly commands: readonly { readonly name: string; readonly exit_code: number | null }[];
}

const receiptOf = (receipt: Receipt | null): DemoReceipt | null =>
  receipt && {
    badge: receipt.badge,
    commit: receipt.commit,
    tree: receipt.tree,
    commands: receipt.commands.map(({ name, exitCode }) => ({ name, exit_code: exitCode })),
  };

const todoOf = (todo: Todo): DemoResult['todos'][number] => ({
  todo_id: todo.todoId,
  title: todo.title,
  status: todo.status,
  column: columnOf(todo),
  revisions: todo.revisions
    .filter((revision) => revision.commit !== null || revision.receipt !== null)
    .map((revision) => ({ commit: revision.commit ?? '', receipt: receiptOf(revision.receipt) })),
});

/** The newest sprint of a demo with its todos, in the order of the board. */
export function demoResult(place: DemoPlace, state: State): DemoResult {
  const sprint = Object.values(state.sprints)
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt))
    .at(-1);
  const todos = (sprint?.todoIds ?? []).map((id) => state.todos[id]).filter((todo): todo is Todo => todo !== undefined);
  return {
    workspace: place.workspace,
    project: place.project,
    sprint_id: sprint?.sprintId ?? '',
    status: sprint?.status ?? '',
    todos: todos.map(todoOf),
  };
}

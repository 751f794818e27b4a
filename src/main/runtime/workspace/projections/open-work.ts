import { ownerOf } from '../../../../shared/domain/advance.js';
import type { State } from '../../../../shared/domain/state.js';
import { code, inline, page } from './markdown.js';

const openTodo = ['queued', 'running', 'paused', 'blocked', 'uncommitted'];
const openRequest = ['queued', 'delegated', 'blocked'];
const seesAll = 'orchestrator';

interface Entry {
  readonly role: string;
  readonly line: string;
}

function entryOf(subjectId: string, state: State): Entry | null {
  const todo = state.todos[subjectId];
  if (todo) {
    if (!openTodo.includes(todo.status)) return null;
    const why = todo.blocker ? `: ${inline(todo.blocker.reason)}` : '';
    return { role: ownerOf(todo), line: `- ${code(todo.todoId)} ${inline(todo.title)} (${todo.status}, ${todo.workflow.step})${why}` };
  }
  const request = state.requests[subjectId];
  if (!request || !openRequest.includes(request.status)) return null;
  const why = request.blocker ? `: ${inline(request.blocker.reason)}` : '';
  return { role: request.currentRole, line: `- ${code(request.requestId)} ${inline(request.scope)} (${request.status})${why}` };
}

/** Who has which open todo or request, kept up to date one subject at a time, so that a change never looks at all of them. */
export class OpenWork {
  readonly #entries = new Map<string, Entry>();
  readonly #byRole = new Map<string, Map<string, string>>();

  /** Looks at everything; at the start only. */
  rebuild(state: State): void {
    this.#entries.clear();
    this.#byRole.clear();
    for (const subjectId of [...Object.keys(state.requests), ...Object.keys(state.todos)]) this.touch(subjectId, state);
  }

  /** Looks at one subject again; the roles whose lists changed. */
  touch(subjectId: string, state: State): readonly string[] {
    const before = this.#entries.get(subjectId);
    const now = entryOf(subjectId, state);
    if (before?.line === now?.line && before?.role === now?.role) return [];
    if (before) {
      this.#entries.delete(subjectId);
      if (before.role !== now?.role) this.#byRole.get(before.role)?.delete(subjectId);
    }
    if (now) {
      this.#entries.set(subjectId, now);
      let ofRole = this.#byRole.get(now.role);
      if (ofRole === undefined) this.#byRole.set(now.role, (ofRole = new Map()));
      ofRole.set(subjectId, now.line);
    }
    return [...new Set([before?.role, now?.role, seesAll].filter((role): role is string => role !== undefined))];
  }

  /** `todo.md` of a role; the orchestrator sees everything. */
  render(role: string): string {
    const lines =
      role === seesAll
        ? [...this.#entries.values()].map((entry) => `${entry.line} → ${inline(entry.role)}`)
        : [...(this.#byRole.get(role)?.values() ?? [])];
    return page(`# Open work of ${inline(role)}`, lines.length > 0 ? lines.join('\n') : 'Nothing is open.');
  }
}

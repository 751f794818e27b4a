import { isAbsolute } from 'node:path';
import { roster } from '../../../../shared/domain/roster.js';
import type { Sprint, State } from '../../../../shared/domain/state.js';
import type { WorkspaceLayout } from '../layout.js';
import { renderBacklog, renderCompletedBacklog } from './backlog-views.js';
import type { BlockSource } from './block-cache.js';
import type { OpenWork } from './open-work.js';
import {
  backlogRecord,
  operationRecord,
  recordText,
  requestRecord,
  roleSessionRecord,
  sprintHead,
  sprintRecordText,
  todoText,
} from './record-shape.js';
import { todosIn } from './sprint-blocks.js';
import {
  renderCurrentSprint,
  renderIterationLog,
  renderKickoff,
  renderSprintHistory,
  renderSprintHistoryIndex,
  renderSprintIndex,
  renderSprintReport,
  renderTodoBacklog,
} from './sprint-views.js';

/** What may happen to a projected file (rules 2): fields of a record may be edited, a generated file is set aside and written again, an authored one belongs to people and the planner. */
export type FileClass = 'record' | 'generated' | 'authored';

/** What a renderer may look at. */
export interface RenderContext {
  readonly state: State;
  readonly block: BlockSource;
  readonly openWork: OpenWork;
}

/** What a file should hold: text, a blob of the blob store, or nothing (then the file is left as it is). */
export type Content = { readonly text: string } | { readonly blob: string } | null;

interface KindOfFile {
  readonly fileClass: FileClass;
  /** `view`: grows with the workspace, so that it is written at a bounded rate. */
  readonly pace: 'soon' | 'view';
  /** Written only where there is no such file. */
  readonly once?: true;
  readonly path: (layout: WorkspaceLayout, id: string, state: State) => string | null;
  readonly content: (id: string, context: RenderContext) => Content;
}

const liveSprint = (id: string, state: State): Sprint | null => {
  const sprint = state.sprints[id];
  return sprint && !sprint.isArchived ? sprint : null;
};

const text = (value: string): Content => ({ text: value });

type SprintRenderer = (sprint: Sprint, state: State, block: BlockSource) => string;

const sprintDocument = (name: Parameters<WorkspaceLayout['shared']['sprintDocument']>[1], render: SprintRenderer): KindOfFile => ({
  fileClass: 'generated',
  pace: 'view',
  path: (layout, id, state) => (state.sprints[id] ? layout.shared.sprintDocument(state.sprints[id].folder, name) : null),
  content: (id, { state, block }) => {
    const sprint = liveSprint(id, state);
    return sprint && text(render(sprint, state, block));
  },
});

const view = (path: (layout: WorkspaceLayout) => string, render: (state: State, block: BlockSource) => string): KindOfFile => ({
  fileClass: 'generated',
  pace: 'view',
  path: (layout) => path(layout),
  content: (_id, { state, block }) => text(render(state, block)),
});

/** `sprintId/name` of an authored document. */
export function documentOf(id: string): { readonly sprintId: string; readonly name: string } {
  const cut = id.indexOf('/');
  return { sprintId: id.slice(0, cut), name: id.slice(cut + 1) };
}

/** Whether a document's name is a path below its sprint's folder that names no generated file. */
export const isDocumentName = (name: string): boolean =>
  name !== '' &&
  !isAbsolute(name) &&
  name.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part)) &&
  !generatedNames.includes(name);

const generatedNames: readonly string[] = ['index.md', 'todo_backlog.md', 'iteration_log.md', 'report.md'];

/** Every kind of projected file: where it is, whose it is, and what should be in it. */
export const projectionTable = {
  'backlog-item': {
    fileClass: 'record',
    pace: 'soon',
    path: (layout, id) => layout.runtime.backlogItem(id),
    content: (id, { state }) => (state.backlog[id] ? text(recordText(backlogRecord(state.backlog[id]))) : null),
  },
  request: {
    fileClass: 'record',
    pace: 'soon',
    path: (layout, id) => layout.runtime.request(id),
    content: (id, { state }) => (state.requests[id] ? text(recordText(requestRecord(state.requests[id]))) : null),
  },
  operation: {
    fileClass: 'record',
    pace: 'soon',
    path: (layout, id) => layout.runtime.operation(id),
    content: (id, { state }) => (state.operations[id] ? text(recordText(operationRecord(state.operations[id]))) : null),
  },
  sprint: {
    fileClass: 'record',
    pace: 'view',
    path: (layout, id) => layout.runtime.sprint(id),
    content: (id, { state, block }) => {
      const sprint = liveSprint(id, state);
      if (!sprint) return null;
      const todos = todosIn(sprint, state);
      const texts = todos.map((todo) => block('todo-record', todo.todoId, () => todoText(todo)));
      return text(sprintRecordText(sprintHead(sprint, state, todos), texts));
    },
  },
  'role-session': {
    fileClass: 'record',
    pace: 'view',
    path: (layout, id) => layout.runtime.roleSession(id),
    content: (id, { state }) => {
      const record = roleSessionRecord(id, state);
      return record === null ? null : text(recordText(record));
    },
  },
  backlog: view((layout) => layout.shared.backlog, renderBacklog),
  'completed-backlog': view((layout) => layout.shared.completedBacklog, renderCompletedBacklog),
  'current-sprint': view((layout) => layout.shared.currentSprint, renderCurrentSprint),
  'sprint-history-index': view((layout) => layout.shared.sprintHistoryIndex, renderSprintHistoryIndex),
  'sprint-index': sprintDocument('index', renderSprintIndex),
  'todo-backlog': sprintDocument('todo_backlog', renderTodoBacklog),
  'iteration-log': sprintDocument('iteration_log', renderIterationLog),
  'sprint-report': sprintDocument('report', renderSprintReport),
  'sprint-history': {
    fileClass: 'generated',
    pace: 'view',
    path: (layout, id) => layout.shared.sprintHistory(id),
    content: (id, { state, block }) => {
      const sprint = liveSprint(id, state);
      return sprint && sprint.endedAt !== null ? text(renderSprintHistory(sprint, state, block)) : null;
    },
  },
  'role-todo': {
    fileClass: 'generated',
    pace: 'view',
    path: (layout, id) => layout.role.todo(id),
    content: (id, { openWork }) => text(openWork.render(id)),
  },
  kickoff: {
    fileClass: 'authored',
    pace: 'soon',
    once: true,
    path: (layout, id, state) => (state.sprints[id] ? layout.shared.sprintDocument(state.sprints[id].folder, 'kickoff') : null),
    content: (id, { state }) => {
      const sprint = liveSprint(id, state);
      if (!sprint) return null;
      const edited = sprint.documents['kickoff.md'];
      return edited ? { blob: edited.sha256 } : text(renderKickoff(sprint, state));
    },
  },
  document: {
    fileClass: 'authored',
    pace: 'soon',
    path: (layout, id, state) => {
      const { sprintId, name } = documentOf(id);
      const sprint = state.sprints[sprintId];
      return sprint && isDocumentName(name) ? `${layout.shared.sprintFolder(sprint.folder)}/${name}` : null;
    },
    content: (id, { state }) => {
      const { sprintId, name } = documentOf(id);
      const document = liveSprint(sprintId, state)?.documents[name];
      return document ? { blob: document.sha256 } : null;
    },
  },
} as const satisfies Record<string, KindOfFile>;

export type ProjectionKind = keyof typeof projectionTable;

/** One projected file. `id` is empty where there is one of its kind. */
export interface ProjectionRef {
  readonly kind: ProjectionKind;
  readonly id: string;
}

/** The row of a kind. */
export const kindOf = (kind: ProjectionKind): KindOfFile => projectionTable[kind];

/** What tells two refs apart. */
export const refKey = (ref: ProjectionRef): string => `${ref.kind}:${ref.id}`;

const sprintKinds = ['sprint', 'sprint-index', 'todo-backlog', 'iteration-log', 'sprint-report'] as const;

/** The files that show how a sprint stands; none for one that left memory. */
export function sprintRefs(sprintId: string, state: State): ProjectionRef[] {
  const sprint = liveSprint(sprintId, state);
  if (!sprint) return [];
  const refs: ProjectionRef[] = sprintKinds.map((kind) => ({ kind, id: sprintId }));
  if (state.activeSprintId === sprintId) refs.push({ kind: 'current-sprint', id: '' });
  if (sprint.endedAt !== null) refs.push({ kind: 'sprint-history', id: sprintId }, { kind: 'sprint-history-index', id: '' });
  return refs;
}

/** The ref of an authored document; the kickoff has its own. */
export const documentRef = (sprintId: string, name: string): ProjectionRef =>
  name === 'kickoff.md' ? { kind: 'kickoff', id: sprintId } : { kind: 'document', id: `${sprintId}/${name}` };

/** Every file that should be there now. */
export function liveRefs(state: State): ProjectionRef[] {
  const refs: ProjectionRef[] = (['backlog', 'completed-backlog', 'current-sprint', 'sprint-history-index'] as const).map((kind) => ({
    kind,
    id: '',
  }));
  for (const { role } of roster) refs.push({ kind: 'role-todo', id: role }, { kind: 'role-session', id: role });
  for (const id of Object.keys(state.backlog)) refs.push({ kind: 'backlog-item', id });
  for (const id of Object.keys(state.requests)) refs.push({ kind: 'request', id });
  for (const id of Object.keys(state.operations)) refs.push({ kind: 'operation', id });
  for (const sprint of Object.values(state.sprints)) {
    if (sprint.isArchived) continue;
    refs.push(...sprintRefs(sprint.sprintId, state).filter((ref) => ref.id !== ''), { kind: 'kickoff', id: sprint.sprintId });
    for (const name of Object.keys(sprint.documents)) if (name !== 'kickoff.md') refs.push(documentRef(sprint.sprintId, name));
  }
  return refs;
}

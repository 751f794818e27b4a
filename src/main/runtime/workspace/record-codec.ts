import type { BacklogItem, Sprint, State, Todo } from '../../../shared/domain/state.js';
import type { BacklogFields } from '../../../shared/domain/vocabulary.js';
import { backlogRecord, operationRecord, requestRecord, roleSessionRecord, sprintHead, todoRecord } from './projections/record-shape.js';
import { todosIn } from './projections/sprint-blocks.js';
import type { ProjectionRef } from './projections/projection-table.js';

/** What an edited record asks for. `refused` names the fields that may not be changed by hand. */
export type RecordEdit =
  | { readonly kind: 'broken'; readonly reason: string }
  | {
      readonly kind: 'read';
      readonly fields: BacklogFields;
      /** New places of todos among their equals, in a sprint's record. */
      readonly orders: readonly { readonly todoId: string; readonly order: number }[];
      readonly refused: readonly string[];
    };

/** Without the record that the edit began with, an old value and an edited one look the same; taking both would undo what happened since. */
const changedMeanwhile = 'the record changed after it was opened for editing';

type Json = Record<string, unknown>;

const broken = (reason: string): RecordEdit => ({ kind: 'broken', reason });
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A field of a backlog item's record that a person may change in the file. */
interface EditableField {
  readonly name: keyof BacklogFields;
  /** What is wrong with the value, or null. */
  readonly problem: (value: unknown) => string | null;
}

const isText = (value: unknown): string | null => (typeof value === 'string' ? null : 'is not a text');

const editable: Readonly<Record<string, EditableField>> = {
  title: { name: 'title', problem: (value) => (typeof value === 'string' && value.trim() !== '' ? null : 'is not a title') },
  summary: { name: 'summary', problem: isText },
  acceptance_criteria: {
    name: 'acceptanceCriteria',
    problem: (value) => (Array.isArray(value) && value.every((each) => typeof each === 'string') ? null : 'is not a list of texts'),
  },
  priority_rank: {
    name: 'priorityRank',
    problem: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= 0 ? null : 'is not a whole number from 0 upwards',
  },
};

/** Reads the bytes of a record that somebody edited, against the record as it should be. */
export function readRecordEdit(ref: ProjectionRef, bytes: Uint8Array, state: State): RecordEdit {
  const edited = parse(bytes);
  if (edited === null) return broken('it is no JSON, or is cut off');
  if (!isObject(edited)) return broken('it is JSON, but not a record');
  if (ref.kind === 'backlog-item') {
    const item = state.backlog[ref.id];
    return item ? backlogEdit(edited, item) : broken('its item does not exist any more');
  }
  if (ref.kind === 'sprint') {
    const sprint = state.sprints[ref.id];
    return sprint ? sprintEdit(edited, sprint, state) : broken('its sprint does not exist any more');
  }
  return { kind: 'read', fields: {}, orders: [], refused: changedKeys(edited, ownRecord(ref, state)) };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    // Both a cut file and one in another encoding; what it was is kept beside it.
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

function ownRecord(ref: ProjectionRef, state: State): Json {
  const request = ref.kind === 'request' ? state.requests[ref.id] : undefined;
  const operation = ref.kind === 'operation' ? state.operations[ref.id] : undefined;
  if (operation) return operationRecord(operation) as Json;
  const record = request ? requestRecord(request) : ref.kind === 'role-session' ? roleSessionRecord(ref.id, state) : {};
  return isObject(record) ? record : {};
}

const changedKeys = (edited: Json, own: Json): string[] =>
  [...new Set([...Object.keys(own), ...Object.keys(edited)])].filter((key) => !same(edited[key], own[key]));

function backlogEdit(edited: Json, item: BacklogItem): RecordEdit {
  const own = backlogRecord(item) as Json;
  if (edited['backlog_id'] !== item.backlogId) return broken(`its backlog_id is not ${item.backlogId}`);
  if (edited['updated_at'] !== item.updatedAt) return broken(changedMeanwhile);
  const fields: Record<string, unknown> = {};
  const refused: string[] = [];
  for (const key of changedKeys(edited, own)) {
    const field = editable[key];
    if (field === undefined || !(key in edited)) refused.push(key);
    else {
      const problem = field.problem(edited[key]);
      if (problem !== null) return broken(`its ${key} ${problem}`);
      fields[field.name] = edited[key];
    }
  }
  return { kind: 'read', fields: fields as BacklogFields, orders: [], refused };
}

function sprintEdit(edited: Json, sprint: Sprint, state: State): RecordEdit {
  const todos = todosIn(sprint, state);
  const own: Json = { ...sprintHead(sprint, state, todos), todos: [] };
  const { todos: editedTodos, ...head } = edited;
  if (edited['sprint_id'] !== sprint.sprintId) return broken(`its sprint_id is not ${sprint.sprintId}`);
  if (!Array.isArray(editedTodos) || !editedTodos.every(isObject)) return broken('its todos are not a list of records');
  if (edited['updated_at'] !== sprint.updatedAt) return broken(changedMeanwhile);
  const refused = changedKeys({ ...head, todos: [] }, own);
  const orders: { todoId: string; order: number }[] = [];
  const byId = new Map(editedTodos.map((each) => [each['todo_id'], each]));
  for (const todo of todos) {
    const there = byId.get(todo.todoId);
    if (there && there['updated_at'] !== todo.updatedAt) return broken(changedMeanwhile);
    if (!there) refused.push(`todos (${todo.todoId} is gone)`);
    else refused.push(...todoChanges(there, todo, orders));
  }
  if (editedTodos.length > todos.length) refused.push('todos (more than there are)');
  return { kind: 'read', fields: {}, orders, refused };
}

function todoChanges(edited: Json, todo: Todo, orders: { todoId: string; order: number }[]): string[] {
  const keys = changedKeys(edited, todoRecord(todo) as Json);
  return keys.flatMap((key) => {
    const order = edited[key];
    if (key !== 'order' || typeof order !== 'number' || !Number.isFinite(order)) return [`${todo.todoId}.${key}`];
    orders.push({ todoId: todo.todoId, order });
    return [];
  });
}

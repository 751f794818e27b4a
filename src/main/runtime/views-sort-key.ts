import type { Todo } from '../../shared/domain/state.js';

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** A number as 16 hexadecimal digits that sort as the numbers do. */
function sortableNumber(value: number): string {
  const bytes = new Uint8Array(8);
  // 0 and -0 are one place.
  new DataView(bytes.buffer).setFloat64(0, value + 0);
  const isNegative = ((bytes[0] ?? 0) & 0x80) !== 0;
  for (const [at, byte] of bytes.entries()) bytes[at] = isNegative ? ~byte : at === 0 ? byte | 0x80 : byte;
  return hex(bytes);
}

/** A text that sorts as `compareTodos` does, so that a changed card finds its place among others without them. */
export function sortKeyOf(todo: Todo): string {
  const rank = todo.priorityRank > 0 ? todo.priorityRank : Number.MAX_SAFE_INTEGER;
  const front = todo.startedAt !== null ? '0' : '1';
  return [front, sortableNumber(todo.order), sortableNumber(rank), todo.createdAt, todo.todoId].join(' ');
}

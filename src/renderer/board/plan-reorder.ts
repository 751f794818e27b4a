import { err, ok } from '../../shared/kernel/result.js';
import type { Result } from '../../shared/kernel/result.js';
import type { BoardCardView } from '../../shared/contract/board-views.js';
import { en } from '../i18n/en.js';

/** A new place of a card among its equals, as `todos.reorder` takes it. */
export interface Reorder {
  readonly todoId: string;
  readonly order: number;
}

interface Standing {
  readonly id: string;
  /** Work that started stands before work that did not. */
  readonly hasStarted: boolean;
  readonly order: number;
}

/** The place that a sort key of the contract tells: whether it started, and its order by hand. */
export function standingOf({ id, sortKey }: Pick<BoardCardView, 'id' | 'sortKey'>): Standing {
  const [front = '1', order = ''] = sortKey.split(' ');
  return { id, hasStarted: front === '0', order: sortedNumber(order) };
}

/** The number behind 16 hexadecimal digits that sort as numbers do; 0 for anything else. */
function sortedNumber(digits: string): number {
  if (!/^[0-9a-f]{16}$/.test(digits)) return 0;
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const isPositive = ((bytes[0] ?? 0) & 0x80) !== 0;
  const plain = bytes.map((byte, at) => (isPositive ? (at === 0 ? byte & 0x7f : byte) : ~byte));
  return new DataView(plain.buffer).getFloat64(0) + 0;
}

/**
 * The commands that put a card at a place among the cards of its column (`ids` in order, `at` counted without the card). Mostly one;
 * where its new neighbours have the same order, those before it are numbered anew.
 */
export function planReorder(
  cards: readonly Pick<BoardCardView, 'id' | 'sortKey'>[],
  id: string,
  at: number,
): Result<readonly Reorder[], string> {
  const all = cards.map(standingOf);
  const from = all.findIndex((other) => other.id === id);
  const own = all[from];
  if (own === undefined || from === at) return ok([]);
  const others = all.filter((other) => other.id !== id);
  const [before, after] = [others[at - 1], others[at]];
  if ((before !== undefined && !before.hasStarted && own.hasStarted) || (after?.hasStarted === true && !own.hasStarted))
    return err(en.drag.startedFirst);
  const lower = before !== undefined && before.hasStarted === own.hasStarted ? before.order : null;
  const upper = after !== undefined && after.hasStarted === own.hasStarted ? after.order : null;
  if (lower === null) return ok([{ todoId: id, order: upper === null ? own.order : upper - 1 }]);
  if (upper === null) return ok([{ todoId: id, order: lower + 1 }]);
  if (lower < upper) return ok([{ todoId: id, order: (lower + upper) / 2 }]);
  const equals = others.slice(0, at).filter(({ hasStarted }) => hasStarted === own.hasStarted);
  const first = upper - equals.length - 1;
  return ok([...equals.map((other, index) => ({ todoId: other.id, order: first + index })), { todoId: id, order: upper - 1 }]);
}

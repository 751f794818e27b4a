import { closestCenter, getFirstCollision, pointerWithin, rectIntersection } from '@dnd-kit/core';
import type { CollisionDetection, KeyboardCoordinateGetter } from '@dnd-kit/core';
import { columns } from '../../shared/domain/board.js';

const isColumn = (id: unknown): boolean => columns.some((column) => column === id);

/** What a drag is over: a card of its own column under the pointer, to stand before it; else the column. */
export const dropTargets: CollisionDetection = (args) => {
  const under = args.pointerCoordinates === null ? rectIntersection(args) : pointerWithin(args);
  const card = under.find(({ id }) => !isColumn(id) && id !== `place ${args.active.id}`);
  if (card !== undefined && args.pointerCoordinates !== null) return [card];
  const column = under.find(({ id }) => isColumn(id));
  if (column !== undefined) return [column];
  const containers = args.droppableContainers.filter(({ id }) => isColumn(id));
  const nearest = getFirstCollision(closestCenter({ ...args, droppableContainers: containers }));
  return args.pointerCoordinates === null && nearest !== null ? [nearest] : [];
};

/** The arrow keys take a card from column to column. */
export const columnCoordinates: KeyboardCoordinateGetter = (event, { context, currentCoordinates }) => {
  const by = event.code === 'ArrowRight' || event.code === 'KeyL' ? 1 : event.code === 'ArrowLeft' || event.code === 'KeyH' ? -1 : 0;
  if (by === 0) return undefined;
  event.preventDefault();
  const { over, active, droppableRects } = context;
  const here = columns.findIndex((column) => column === (over?.id ?? active?.data.current?.['column']));
  const next = columns[Math.min(columns.length - 1, Math.max(0, here + by))];
  const rect = next === undefined ? undefined : droppableRects.get(next);
  if (rect === undefined) return currentCoordinates;
  return { x: rect.left + 8, y: rect.top + 36 };
};

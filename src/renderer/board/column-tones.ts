import type { ColumnId } from '../../shared/domain/board.js';
import type { Tone } from '../ui/tone.js';

/** The hue of every column. */
export const columnTones: Readonly<Record<ColumnId, Tone>> = {
  todo: 'todo',
  in_progress: 'prog',
  review: 'rev',
  done: 'done',
  approved: 'appr',
};

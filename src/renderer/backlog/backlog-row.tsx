import { useSortable } from '@dnd-kit/sortable';
import { GripVertical } from 'lucide-react';
import type { ReactElement } from 'react';
import type { BacklogItemView } from '../../shared/contract/views.js';
import { openDialog } from '../app/page-actions.js';
import { enPages } from '../i18n/en-pages.js';
import { en } from '../i18n/en.js';
import { useServices } from '../state/services.js';
import { Badge } from '../ui/badge.js';
import type { Tone } from '../ui/tone.js';
import { classNames } from '../ui/class-names.js';
import { BacklogMenu } from './backlog-menu.js';

const text = enPages.backlog;

const kindNames: Readonly<Record<string, string>> = en.item.kinds;
const statusTones: Readonly<Record<string, Tone>> = { selected: 'prog', blocked: 'bad', done: 'done', carried_over: 'you' };

interface BacklogRowProps {
  readonly item: BacklogItemView;
  readonly index: number;
  readonly last: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly canRank: boolean;
  readonly onMove: (from: number, to: number) => void;
}

/** One item: its rank, what it is, what is odd about it, and what can be done with it. */
export function BacklogRow({ item, index, last, top, canRank, onMove }: BacklogRowProps): ReactElement {
  const services = useServices();
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id: item.id });
  const shift = transform === null ? 0 : transform.y;
  const isOver = item.status === 'done' || item.status === 'dropped';
  return (
    <li
      ref={setNodeRef}
      style={{ top, transform: `translateY(${shift}px)`, transition }}
      className={classNames(
        'group absolute inset-x-0 flex h-[46px] items-center gap-2.5 rounded-card bg-surface pr-1.5 pl-1',
        isDragging ? 'z-10 shadow-lift' : 'shadow-card',
      )}
    >
      {canRank && (
        <button
          type="button"
          ref={setActivatorNodeRef}
          {...attributes}
          {...listeners}
          aria-label={text.grip(item.title)}
          title={text.gripHint}
          className="grid h-8 w-5 cursor-grab touch-none place-items-center rounded-tag text-faint hover:text-ink"
        >
          <GripVertical size={14} aria-hidden="true" />
        </button>
      )}
      <span
        title={item.priorityRank === 0 ? text.noRank : text.rank(item.priorityRank)}
        className={classNames('w-6 text-right font-mono text-12 text-faint tabular-nums', !canRank && 'ml-1')}
      >
        {item.priorityRank === 0 ? '–' : item.priorityRank}
      </span>
      <button
        type="button"
        onClick={() => openDialog(services, { kind: 'backlog-item', id: item.id })}
        className="min-w-0 flex-1 rounded-control py-1 text-left"
      >
        <span className={classNames('block truncate font-medium', isOver && 'text-muted')}>{item.title}</span>
        <span className="block truncate text-12 text-muted">{lineUnder(item)}</span>
      </button>
      {item.reworkOf !== '' && (
        <Badge tone="you" reason={text.reworkReason(item.reworkOf)}>
          {text.rework}
        </Badge>
      )}
      {item.status !== 'pending' && (
        <Badge tone={statusTones[item.status] ?? 'quiet'} reason={item.blockedReason || item.droppedReason}>
          {text.statuses[item.status] ?? item.status}
        </Badge>
      )}
      <span className="w-24 text-right text-12 text-muted max-[1200px]:hidden">{kindNames[item.kind] ?? item.kind}</span>
      <BacklogMenu item={item} index={index} last={last} canRank={canRank} onMove={onMove} />
    </li>
  );
}

function lineUnder({ summary, blockedReason, droppedReason, dependsOn, acceptanceCriteria, milestone }: BacklogItemView): string {
  const reason = blockedReason || droppedReason;
  if (reason !== '') return reason;
  return [
    ...(dependsOn.length === 0 ? [] : [text.dependsOn(dependsOn.length)]),
    ...(acceptanceCriteria.length === 0 ? [] : [text.criteria(acceptanceCriteria.length)]),
    ...(milestone === '' ? [] : [milestone]),
    ...(summary === '' ? [] : [summary]),
  ].join(' · ');
}

import { TriangleAlert } from 'lucide-react';
import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import type { Asked } from '../state/use-record.js';
import { Button } from './button.js';
import { Empty } from './empty.js';
import { ListSkeleton } from './list-skeleton.js';

interface AskedPartProps<T> {
  readonly asked: Asked<T | null>;
  /** What could not be shown, as a title. */
  readonly failed: string;
  /** How many rows the skeleton has. */
  readonly rows: number;
  readonly onAgain: () => void;
  readonly children: (value: T) => ReactElement;
}

/** The part of a page that one record fills: its skeleton, why it is not there, or what it is. */
export function AskedPart<T>({ asked, failed, rows, onAgain, children }: AskedPartProps<T>): ReactElement {
  if (asked.kind === 'there' && asked.value !== null) return children(asked.value);
  return (
    <div className="flex-1">
      {asked.kind === 'loading' ? (
        <ListSkeleton rows={rows} />
      ) : (
        <Empty
          icon={TriangleAlert}
          title={failed}
          text={asked.kind === 'failed' ? asked.sentence : ''}
          action={<Button onClick={onAgain}>{en.retry}</Button>}
        />
      )}
    </div>
  );
}

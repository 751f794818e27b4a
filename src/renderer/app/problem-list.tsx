import { TriangleAlert } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ProblemView } from '../../shared/contract/board-views.js';
import { en } from '../i18n/en.js';
import { useView } from '../state/services.js';
import { Popover } from '../ui/popover.js';
import { Time } from '../ui/time.js';
import { MayDo } from './may-do.js';
import { DismissProblem } from './dismiss-problem.js';

/** Problems in the strip, and the list of them. Nothing is shown while there is none. */
export function ProblemList(): ReactElement | null {
  const problems = useView((view) => view.problems);
  if (problems.length === 0) return null;
  return (
    <Popover
      label={en.strip.problemsTitle}
      side="top"
      align="start"
      trigger={
        <button type="button" className="inline-flex items-center gap-1.5 rounded-control font-medium text-bad hover:underline">
          <TriangleAlert size={13} aria-hidden="true" />
          {en.strip.problems(problems.length)}
        </button>
      }
    >
      <h2 className="border-b border-line px-3 py-2 text-12 font-medium text-muted">{en.strip.problemsTitle}</h2>
      <ul className="divide-y divide-line">
        {problems.map((problem) => (
          <ProblemLine key={problem.id} problem={problem} />
        ))}
      </ul>
    </Popover>
  );
}

function ProblemLine({ problem: { id, path, reason, at } }: { readonly problem: ProblemView }): ReactElement {
  return (
    <li className="flex flex-col gap-1 px-3 py-2 text-13">
      <p className="break-words">{reason}</p>
      <div className="flex items-center gap-2 text-12 text-faint">
        {path !== '' && <code className="min-w-0 flex-1 truncate font-mono text-11">{path}</code>}
        <Time at={at} />
        <MayDo method="problems.dismiss">
          <DismissProblem id={id} />
        </MayDo>
      </div>
    </li>
  );
}

import { CirclePause, OctagonX } from 'lucide-react';
import type { ReactElement } from 'react';
import { MayDo } from '../app/may-do.js';
import { resumeSprint } from '../app/sprint-commands.js';
import { en } from '../i18n/en.js';
import { useServices, useView } from '../state/services.js';
import { Button } from '../ui/button.js';
import { Time } from '../ui/time.js';
import { standstillOf } from './standstill.js';

/** Why nothing runs, and how it goes on. */
export function HaltBanner(): ReactElement | null {
  const services = useServices();
  const halt = useView((view) => view.halt);
  const sprint = useView((view) => view.sprint);
  const standstill = standstillOf(halt, sprint);
  if (standstill === null) return null;
  const { title, reason, at, isBad, canResume } = standstill;
  const Icon = isBad ? OctagonX : CirclePause;
  const tone = isBad ? 'bg-bad/10 text-bad' : 'bg-you/10 text-you';
  return (
    <div role="status" className={`mx-4 mt-2 flex items-center gap-2 rounded-card px-3 py-2 text-13 ${tone}`}>
      <Icon size={16} aria-hidden="true" className="shrink-0" />
      <p className="min-w-0 flex-1 break-words">
        <b className="font-semibold">{title}.</b> {reason} {at !== null && <Time at={at} className="opacity-80" />}
      </p>
      {canResume && (
        <MayDo method="sprint.resume">
          <Button size="small" onClick={() => void resumeSprint(services)}>
            {en.sprint.haltResume}
          </Button>
        </MayDo>
      )}
    </div>
  );
}

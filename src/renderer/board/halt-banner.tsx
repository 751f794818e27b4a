import { CirclePause, OctagonX } from 'lucide-react';
import type { ReactElement } from 'react';
import { resumeSprint } from '../app/sprint-commands.js';
import { en } from '../i18n/en.js';
import { useServices, useView } from '../state/services.js';
import { Button } from '../ui/button.js';
import { Time } from '../ui/time.js';

/** Why nothing runs, and how it goes on. */
export function HaltBanner(): ReactElement | null {
  const services = useServices();
  const halt = useView((view) => view.halt);
  const paused = useView((view) => (view.sprint?.status === 'paused' ? view.sprint.pausedReason : null));
  if (halt === null && paused === null) return null;
  const Icon = halt === null ? CirclePause : OctagonX;
  const tone = halt === null ? 'bg-you/10 text-you' : 'bg-bad/10 text-bad';
  return (
    <div role="status" className={`mx-4 mt-2 flex items-center gap-2 rounded-card px-3 py-2 text-13 ${tone}`}>
      <Icon size={16} aria-hidden="true" className="shrink-0" />
      <p className="min-w-0 flex-1">
        <b className="font-semibold">{halt === null ? en.sprint.pausedReason : en.sprint.halted}.</b> {halt?.reason ?? paused}{' '}
        {halt !== null && <Time at={halt.at} className="opacity-80" />}
      </p>
      <Button size="small" onClick={() => void resumeSprint(services)}>
        {en.sprint.haltResume}
      </Button>
    </div>
  );
}

import type { ReactElement } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { classNames } from '../ui/class-names.js';
import { Section } from '../ui/section.js';

const text = enCard.overview;

/** How much of each limit is used; near its end in amber, at it in red, and always in figures. */
export function LimitBars({ limits }: { readonly limits: CardView['limits'] }): ReactElement | null {
  if (limits.length === 0) return null;
  return (
    <Section title={text.limits}>
      <dl className="grid grid-cols-[1fr_96px_auto] items-center gap-x-3 gap-y-1 text-12">
        {limits.map(({ name, used, of }) => {
          const share = of === 0 ? 0 : Math.min(1, used / of);
          return (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd aria-hidden="true" className="h-1 overflow-hidden rounded-full bg-line">
                <svg className="block h-full w-full" preserveAspectRatio="none" viewBox="0 0 100 1">
                  <rect
                    width={share * 100}
                    height="1"
                    className={classNames(share >= 1 ? 'fill-bad' : share >= 0.75 ? 'fill-you' : 'fill-accent')}
                  />
                </svg>
              </dd>
              <dd className="text-right text-muted tabular-nums">{text.ofLimit(used, of)}</dd>
            </div>
          );
        })}
      </dl>
    </Section>
  );
}

import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { CardLink } from '../card/card-link.js';
import { enPages } from '../i18n/en-pages.js';
import { stepWord } from '../board/step-words.js';
import { useView } from '../state/services.js';
import { Avatar } from '../ui/avatar.js';
import { BarList } from '../ui/bar-list.js';
import type { Bar } from '../ui/bar-list.js';
import { Chips } from '../ui/chips.js';
import { compactNumber } from '../ui/compact-number.js';
import { tookText } from '../ui/sizes.js';
import { median } from './figures.js';
import type { Spent } from './figures.js';
import type { SprintFigures } from './load-figures.js';

const text = enPages.insights;
const measures = ['turns', 'tokens'] as const;
type Measure = (typeof measures)[number];

const mostBars = 12;

/** The figures of a sprint: four that sum it up, and what they are made of. */
export function FigureCards({ figures }: { readonly figures: SprintFigures }): ReactElement {
  const hasTokens = figures.byRole.some(({ tokens }) => tokens > 0);
  const isRehearsal = useView((view) => view.workspaces?.current?.isRehearsal === true);
  const [measure, setMeasure] = useState<Measure>(hasTokens ? 'tokens' : 'turns');
  const bars = (all: readonly Spent[], nameOf: (spent: Spent) => ReactNode): Bar[] => {
    const most = Math.max(1, ...all.map((spent) => spent[measure]));
    return all
      .slice(0, mostBars)
      .map((spent) => ({ id: spent.name, name: nameOf(spent), value: compactNumber(spent[measure]), share: spent[measure] / most }));
  };
  const longest = Math.max(1, ...figures.bySteps.map(({ totalMs }) => totalMs));
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-auto px-5 py-4">
      <Summary figures={figures} />
      <div className="flex items-center gap-3">
        <Chips
          label={text.toggle}
          value={measure}
          onChange={setMeasure}
          choices={measures.map((value) => ({ value, label: text[value] }))}
        />
        <span className="text-12 text-muted">
          {!hasTokens && isRehearsal && text.rehearsal} {figures.shown < figures.all && text.capped(figures.shown, figures.all)}
        </span>
      </div>
      <div className="grid grid-cols-2 items-start gap-4 max-[1200px]:grid-cols-1">
        <div className="flex flex-col gap-4">
          <Panel title={text.byRole}>
            <BarList
              label={text.byRole}
              bars={bars(figures.byRole, ({ name }) => (
                <RoleName role={name} />
              ))}
            />
          </Panel>
          <Panel title={text.byCard}>
            <BarList label={text.byCard} bars={cardBars(figures, measure)} />
          </Panel>
        </div>
        <div className="flex flex-col gap-4">
          <Panel title={text.byStep} note={text.byStepText}>
            <BarList
              label={text.byStep}
              bars={figures.bySteps.map(({ step, medianMs, totalMs }) => ({
                id: step,
                name: stepWord(step),
                value: `${text.median} ${tookText(medianMs)} · ${text.total} ${tookText(totalMs)}`,
                share: totalMs / longest,
              }))}
            />
          </Panel>
          <Panel title={text.byDay}>
            <BarList
              label={text.byDay}
              bars={bars(figures.byDay, ({ name }) => (
                <span className="tabular-nums">{name}</span>
              ))}
            />
          </Panel>
        </div>
      </div>
    </div>
  );
}

function cardBars({ byCard }: SprintFigures, measure: Measure): Bar[] {
  const sorted = byCard.toSorted((a, b) => b[measure] - a[measure]).slice(0, mostBars);
  const most = Math.max(1, sorted[0]?.[measure] ?? 0);
  return sorted.map((card) => ({
    id: card.id,
    name: (
      <span className="flex max-w-72 min-w-0">
        <CardLink cardId={card.id} title={card.name} />
      </span>
    ),
    value: compactNumber(card[measure]),
    share: card[measure] / most,
  }));
}

function RoleName({ role }: { readonly role: string }): ReactElement {
  return (
    <>
      <Avatar name={role} size="small" />
      {role.replaceAll('_', ' ')}
    </>
  );
}

function Summary({ figures: { landed, landedInFirst, verified, cycleMs, all } }: { readonly figures: SprintFigures }): ReactElement {
  const facts: readonly (readonly [string, string])[] = [
    [text.cards, text.of(landed, all)],
    [text.firstPass, text.of(landedInFirst, landed)],
    [text.verified, text.of(verified, landed)],
    [text.cycle, cycleMs.length === 0 ? '–' : tookText(median(cycleMs))],
  ];
  return (
    <dl className="grid grid-cols-4 gap-3 max-[1200px]:grid-cols-2">
      {facts.map(([name, value]) => (
        <div
          key={name}
          className="flex flex-col-reverse rounded-card bg-surface px-4 py-3 shadow-card"
          title={name === text.cycle ? text.cycleText : undefined}
        >
          <dt className="text-12 text-muted">{name}</dt>
          <dd className="text-20 font-semibold tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Panel({ title, note, children }: { readonly title: string; readonly note?: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="flex flex-col gap-3 rounded-card bg-surface px-4 py-3 shadow-card">
      <div>
        <h2 className="font-medium">{title}</h2>
        {note !== undefined && <p className="text-12 text-muted">{note}</p>}
      </div>
      {children}
    </section>
  );
}

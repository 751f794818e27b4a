import type { ReactElement } from 'react';
import type { TrustView } from '../../shared/contract/work-views.js';
import { commandLine } from '../card/receipt-words.js';
import { enPages } from '../i18n/en-pages.js';
import { Badge } from '../ui/badge.js';
import { Section } from '../ui/section.js';

const text = enPages.trust;

interface Line {
  readonly words: string;
  readonly note: string;
  readonly hasNetwork: boolean;
}

/** Every command that the workspace would run, in full. */
export function TrustList({ trust }: { readonly trust: TrustView }): ReactElement {
  const command = (argv: readonly string[], note = '', hasNetwork = false): Line => ({ words: commandLine(argv), note, hasNetwork });
  const groups: readonly (readonly [string, readonly Line[]])[] = [
    [text.setup, trust.setup.map((argv) => command(argv))],
    [text.copy, trust.copy.map((path) => ({ words: path, note: '', hasNetwork: false }))],
    [text.verify, trust.verify.map((one) => command(one.command, `${one.name}, ${text.timeout(one.timeoutSeconds)}`, one.network))],
    [text.actions, trust.actions.map((one) => command(one.command, one.name, one.network))],
    [
      text.runners,
      trust.runners.map(({ runner, roles, network }) => ({ words: runner, note: text.runnersLine(roles.join(', ')), hasNetwork: network })),
    ],
    [text.hooks, trust.hooks === '' ? [] : [{ words: trust.hooks, note: '', hasNetwork: false }]],
    [text.rehearsal, trust.rehearsal === '' ? [] : [{ words: trust.rehearsal, note: '', hasNetwork: false }]],
  ];
  return (
    <>
      {trust.isolation === 'in_place' && <p className="text-you">{text.inPlace}</p>}
      {groups.map(
        ([title, lines]) =>
          (lines.length > 0 || title === text.verify || title === text.setup) && (
            <Section key={title} title={title}>
              <Lines lines={lines} />
            </Section>
          ),
      )}
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly Line[] }): ReactElement {
  if (lines.length === 0) return <p className="text-muted">{text.nothing}</p>;
  return (
    <ul className="flex flex-col divide-y divide-line rounded-control border border-line">
      {lines.map(({ words, note, hasNetwork }, index) => (
        <li key={index} className="flex items-center gap-3 px-3 py-1.5">
          <code className="min-w-0 flex-1 font-mono text-12 break-all">{words}</code>
          <span className="text-12 text-muted">{note}</span>
          {hasNetwork && <Badge tone="you">{text.network}</Badge>}
        </li>
      ))}
    </ul>
  );
}

import { FileCheck2 } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { CardView, ReceiptView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { CopyButton } from '../ui/copy-button.js';
import { Empty } from '../ui/empty.js';
import { Facts } from '../ui/facts.js';
import { Section } from '../ui/section.js';
import { ReceiptCommand } from './receipt-command.js';
import { ReceiptSummary } from './receipt-summary.js';
import { RevisionPicker } from './revision-picker.js';

const text = enCard.receipt;

/** What the program itself found about a revision. */
export function ReceiptTab({ card }: { readonly card: CardView }): ReactElement {
  const withReceipt = card.revisions.filter(({ receipt }) => receipt !== null);
  const [chosen, setChosen] = useState<number | null>(null);
  const latest = withReceipt.at(-1);
  const revision = withReceipt.find(({ number }) => number === chosen) ?? latest;
  if (revision?.receipt == null) return <Empty icon={FileCheck2} title={text.none} text={text.noneText} />;
  return (
    <div className="flex flex-col gap-5 px-4 py-3">
      <div className="flex flex-col gap-2">
        <RevisionPicker label={text.of} revisions={withReceipt.map(({ number }) => number)} value={revision.number} onChange={setChosen} />
        <ReceiptSummary receipt={revision.receipt} />
      </div>
      <Receipt key={revision.number} receipt={revision.receipt} />
      {revision.revert?.receipt != null && (
        <Section title={text.ofRevert(revision.number)}>
          <ReceiptSummary receipt={revision.revert.receipt} />
          <Receipt receipt={revision.revert.receipt} />
        </Section>
      )}
    </div>
  );
}

function Receipt({ receipt }: { readonly receipt: ReceiptView }): ReactElement {
  const hash = (what: string, value: string) =>
    value === '' ? null : <CopyButton key={what} text={value} what={what} shown={short(value)} />;
  return (
    <>
      {receipt.gaps.length > 0 && (
        <Section title={text.gapsTitle}>
          <ul className="flex list-disc flex-col gap-1 pl-4">
            {receipt.gaps.map((gap, index) => (
              <li key={index} className="break-words">
                {gap}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={text.commands}>
        {receipt.commands.length === 0 ? (
          <p className="text-muted">{text.noCommands}</p>
        ) : (
          <ul className="flex flex-col gap-2">
            {receipt.commands.map((command, index) => (
              <ReceiptCommand key={index} command={command} />
            ))}
          </ul>
        )}
      </Section>
      <Paths title={text.protectedTitle} about={text.protectedText} paths={receipt.protectedChanges} />
      <Paths title={text.instructionsTitle} about={text.instructionsText} paths={receipt.instructionChanges} />
      <Section title={text.hashes}>
        <Facts
          facts={[
            [text.commit, hash('commit', receipt.commit)],
            [text.undoes, hash('undone commit', receipt.reverts)],
            [text.base, hash('base', receipt.base)],
            [
              text.target,
              receipt.target === '' ? null : (
                <code key="t" className="font-mono">
                  {receipt.target.replace('refs/heads/', '')}
                </code>
              ),
            ],
            [text.diffHash, hash('diff hash', receipt.diffHash)],
            [text.receiptHash, hash('receipt hash', receipt.receiptHash)],
          ]}
        />
        <p className="text-12 text-faint">{text.audit}</p>
      </Section>
    </>
  );
}

interface PathsProps {
  readonly title: string;
  readonly about: string;
  readonly paths: readonly string[];
}

function Paths({ title, about, paths }: PathsProps): ReactElement | null {
  if (paths.length === 0) return null;
  return (
    <Section title={title}>
      <p className="-mt-1 text-12 text-muted">{about}</p>
      <ul className="font-mono text-12">
        {paths.map((path) => (
          <li key={path} className="break-all">
            {path}
          </li>
        ))}
      </ul>
    </Section>
  );
}

const short = (hash: string): string => hash.slice(0, 12);

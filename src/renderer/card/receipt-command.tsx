import { Check, ChevronRight, X } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ReceiptView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { classNames } from '../ui/class-names.js';
import { tookText } from '../ui/sizes.js';
import { CommandOutput } from './command-output.js';
import { commandLine } from './receipt-words.js';

const text = enCard.receipt;

type Command = ReceiptView['commands'][number];

/** One command of a receipt with how it went, and its output where one asks for it. */
export function ReceiptCommand({ command }: { readonly command: Command }): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const isGood = command.exitCode === 0;
  const Icon = isGood ? Check : X;
  const facts = [
    command.exitCode === null ? text.notRun : text.exit(command.exitCode),
    tookText(command.durationMs),
    text.retries(command.retries),
    command.jailed ? text.jailed : text.notJailed,
    command.baseExitCode === null ? text.baseUnknown : text.onBase(command.baseExitCode),
  ];
  return (
    <li className="overflow-hidden rounded-card border border-line">
      <div className="flex flex-col gap-0.5 bg-raise px-3 py-2">
        <p className="flex items-center gap-2">
          <Icon size={14} strokeWidth={2.25} aria-hidden="true" className={classNames('shrink-0', isGood ? 'text-done' : 'text-bad')} />
          <code className="min-w-0 flex-1 font-mono text-12 break-words">{commandLine(command.argv)}</code>
          <span className="text-12 text-muted">{command.name}</span>
        </p>
        <p className="pl-[22px] text-12 text-muted">{facts.join(' · ')}</p>
        {command.problem !== '' && <p className="pl-[22px] text-12 break-words text-bad">{command.problem}</p>}
      </div>
      {command.outputHash !== '' && (
        <>
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            className="flex w-full items-center gap-1.5 border-t border-line px-3 py-1 text-12 text-muted hover:bg-hover hover:text-ink"
          >
            <ChevronRight size={13} aria-hidden="true" className={classNames('transition-transform', isOpen && 'rotate-90')} />
            {isOpen ? text.hideOutput : text.output}
          </button>
          {isOpen && <CommandOutput sha256={command.outputHash} name={command.name} />}
        </>
      )}
    </li>
  );
}

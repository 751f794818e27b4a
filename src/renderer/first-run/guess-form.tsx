import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ProjectGuessView } from '../../shared/contract/host-views.js';
import { commandLine } from '../card/receipt-words.js';
import { enPages } from '../i18n/en-pages.js';
import { Button } from '../ui/button.js';
import { TextArea, TextField } from '../ui/field.js';
import { Notice } from '../ui/notice.js';
import { Prose } from '../ui/prose.js';
import { splitCommands } from './split-commands.js';
import { useOpening } from './use-opening.js';

const text = enPages.firstRun;

interface GuessFormProps {
  readonly guess: ProjectGuessView;
  readonly onBack: () => void;
  readonly onDone?: () => void;
}

/** What would be written for a repository, to be changed before it is. */
export function GuessForm({ guess, onBack, onDone }: GuessFormProps): ReactElement {
  const { busy, failure, open } = useOpening(onDone);
  const [workspace, setWorkspace] = useState(guess.workspace);
  const [target, setTarget] = useState(guess.target);
  const [setup, setSetup] = useState(guess.setup.map(commandLine).join('\n'));
  const [verify, setVerify] = useState(guess.verify.map(commandLine).join('\n'));
  const create = (): void =>
    open('create', (client) =>
      client.host.create({
        project: guess.project,
        ...(guess.isMade
          ? {}
          : {
              workspace: workspace.trim(),
              setup: splitCommands(setup),
              verify: splitCommands(verify),
              ...(target.trim() === '' ? {} : { target: target.trim() }),
            }),
      }),
    );
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        create();
      }}
    >
      <p className="text-12 text-muted">
        <code className="font-mono text-ink">{guess.project}</code>
      </p>
      {guess.isMade ? (
        <Notice>{text.made}</Notice>
      ) : (
        <div className="grid grid-cols-2 gap-3 max-[700px]:grid-cols-1">
          <TextField
            label={text.workspace}
            hint={text.workspaceHint}
            value={workspace}
            spellCheck={false}
            className="font-mono text-12"
            onChange={(event) => setWorkspace(event.target.value)}
          />
          <TextField
            label={text.target}
            hint={text.targetHint}
            value={target}
            spellCheck={false}
            className="font-mono text-12"
            onChange={(event) => setTarget(event.target.value)}
          />
          <TextArea
            label={text.setup}
            hint={text.setupHint}
            rows={3}
            value={setup}
            spellCheck={false}
            className="font-mono text-12"
            onChange={(event) => setSetup(event.target.value)}
          />
          <TextArea
            label={text.verify}
            hint={verify.trim() === '' ? text.verifyNone : text.verifyHint}
            rows={3}
            value={verify}
            spellCheck={false}
            className="font-mono text-12"
            onChange={(event) => setVerify(event.target.value)}
          />
        </div>
      )}
      {guess.notes.length > 0 && (
        <ul className="flex flex-col gap-0.5 text-12 text-muted">
          {guess.notes.map((note, index) => (
            <li key={index}>
              <Prose text={note} />
            </li>
          ))}
        </ul>
      )}
      {failure !== null && (
        <Notice tone="bad" isAlert>
          {failure.sentence}
        </Notice>
      )}
      <div className="flex justify-end gap-2">
        <Button tone="ghost" onClick={onBack}>
          {text.back}
        </Button>
        <Button type="submit" tone="primary" isBusy={busy !== ''}>
          {guess.isMade ? text.openIt : text.create}
        </Button>
      </div>
    </form>
  );
}

import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ProjectGuessView } from '../../shared/contract/host-views.js';
import { failureText } from '../connection/refusal-of.js';
import { enPages } from '../i18n/en-pages.js';
import { useServices } from '../state/services.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/field.js';
import { GuessForm } from './guess-form.js';

const text = enPages.firstRun;

/** A repository of one's own: its path first, then what was found out about it, then the workspace. */
export function ProjectForm({ onDone }: { readonly onDone?: () => void }): ReactElement {
  const { client } = useServices();
  const [project, setProject] = useState('');
  const [guess, setGuess] = useState<ProjectGuessView | null>(null);
  const [failure, setFailure] = useState('');
  const [isBusy, setBusy] = useState(false);
  const look = async (): Promise<void> => {
    if (project.trim() === '') return setFailure(text.projectMissing);
    setBusy(true);
    setFailure('');
    try {
      const found = await client().host.guess({ project: project.trim() });
      if (found.refusals.length > 0) setFailure(found.refusals.join(' '));
      else setGuess(found);
    } catch (error) {
      setFailure(failureText(error));
    }
    setBusy(false);
  };
  return (
    <section aria-label={text.projectTitle} className="flex flex-col gap-3 rounded-card bg-surface p-5 shadow-card">
      <div>
        <h2 className="text-16 font-semibold">{text.projectTitle}</h2>
        <p className="text-muted">{text.projectText}</p>
      </div>
      {guess === null ? (
        <form
          className="flex items-start gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            void look();
          }}
        >
          <div className="min-w-0 flex-1">
            <TextField
              label={text.projectLabel}
              hint={text.projectHint}
              error={failure}
              value={project}
              spellCheck={false}
              className="font-mono text-12"
              onChange={(event) => {
                setFailure('');
                setProject(event.target.value);
              }}
            />
          </div>
          <Button type="submit" isBusy={isBusy} className="mt-5 h-8">
            {text.look}
          </Button>
        </form>
      ) : (
        <GuessForm guess={guess} onBack={() => setGuess(null)} {...(onDone === undefined ? {} : { onDone })} />
      )}
    </section>
  );
}

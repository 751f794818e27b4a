import type { Todo } from '../../../shared/domain/state.js';
import { demoActor } from '../demo/demo-person.js';
import { isAtRest, newestSprint, waitFor } from '../demo/at-rest.js';
import { sampleKickoff } from '../../host/sample-sprint.js';
import { SystemClock } from '../../runtime/platform/system-clock.js';
import type { CommandOrigin, Runtime } from '../../runtime/runtime-api.js';

/** What a person does, with the card of that title where it is about one. */
export type Act =
  | { readonly type: 'approve' | 'revert'; readonly title: string }
  /** Starts another sprint, by which ended ones leave memory, and stops it at once. */
  | { readonly type: 'next-sprint' };

/** The sample sprint and what a person does afterwards, each act when nothing goes on by itself any more. */
export interface Story {
  readonly acts: readonly Act[];
  /** The runtime's clock is behind by so many days: what is done in this run is as old to the next one. */
  readonly daysAgo: number;
}

type Given = { readonly ok: true } | { readonly ok: false; readonly error: { readonly message: string } };

const dayMs = 86_400_000;
/** Repeated in each run, so a restart does nothing twice. */
const origin = (commandId: string): CommandOrigin => ({ commandId, actor: demoActor });

function must(given: Given): void {
  if (!given.ok) throw new Error(given.error.message);
}

/** For this process, from now on. */
export function setClockBack(days: number): void {
  const { now } = SystemClock.prototype;
  SystemClock.prototype.now = function backThen() {
    return new Date(Date.parse(now.call(this)) - days * dayMs).toISOString();
  };
}

/** Waits until only a person can go on; lifts a pause that only protects against a crash loop. */
async function rest(runtime: Runtime): Promise<void> {
  for (;;) {
    await waitFor(runtime, isAtRest);
    const { halt } = runtime.state();
    if (halt) must(await runtime.dispatch({ type: 'resume-sprint' }, origin(`story-resume-${halt.at}`)));
    else return;
  }
}

async function giveTo(runtime: Runtime, type: 'approve' | 'revert', todo: Todo): Promise<void> {
  const at = { todoId: todo.todoId, revision: 1, comment: 'As the story has it.' };
  must(
    await runtime.dispatch(type === 'approve' ? { type, ...at } : { type: 'revert-todo', ...at }, origin(`story-${type}-${todo.todoId}`)),
  );
}

async function perform(runtime: Runtime, act: Act): Promise<void> {
  switch (act.type) {
    case 'approve':
    case 'revert': {
      // Left memory with its sprint: a later act was performed already.
      const todo = Object.values(runtime.state().todos).find(({ title }) => title === act.title);
      if (todo) await giveTo(runtime, act.type, todo);
      return;
    }
    case 'next-sprint':
      must(await runtime.startSprint({ ...sampleKickoff, milestone: 'The next one' }, origin('story-next')));
      must(await runtime.dispatch({ type: 'stop-sprint' }, origin('story-next-stop')));
  }
}

/** Plays a story in an opened runtime; one that was interrupted goes on where it was. */
export async function playStory(runtime: Runtime, { acts }: Story): Promise<void> {
  if (!newestSprint(runtime.state())) must(await runtime.startSprint(sampleKickoff, origin('story-start')));
  await runtime.start();
  for (const act of acts) {
    // A sprint that is only there to be stopped is not waited for.
    const isBegun = act.type === 'next-sprint' && Object.keys(runtime.state().sprints).length > 1;
    if (!isBegun) await rest(runtime);
    await perform(runtime, act);
  }
  await rest(runtime);
}

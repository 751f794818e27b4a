import type { LiveEvent } from '../../../shared/contract/live-events.js';
import type { BoardCardView, SprintHeadView } from '../../../shared/contract/board-views.js';
import { count, cut, oneLine, spaced } from '../terminal-text.js';
import type { Paint } from './show-card.js';

/** What a person who watches sees of a runtime at work. */
export interface ProgressScene {
  readonly sprint: SprintHeadView | null;
  readonly haltReason: string;
  /** By todo id; only what is on the board. */
  readonly cards: Readonly<Record<string, BoardCardView>>;
  /** The last thing that happened, by what it was about: todo, sprint or request. */
  readonly last: Readonly<Record<string, string>>;
}

/** Before anything is known. */
export const emptyScene: ProgressScene = { sprint: null, haltReason: '', cards: {}, last: {} };

/** The scene after one more thing happened. */
export function withEvent(scene: ProgressScene, event: LiveEvent): ProgressScene {
  if (event.kind === 'activity') {
    const said = `${event.isRehearsal ? '[rehearsal] ' : ''}${event.member} ${activityWords[event.activity]} ${oneLine(event.text)}`;
    return { ...scene, last: { ...scene.last, [event.subjectId]: said } };
  }
  if (event.kind !== 'change') return scene;
  const cards = { ...scene.cards, ...Object.fromEntries(event.cards.map((card) => [card.id, card])) };
  for (const gone of event.goneCards) delete cards[gone];
  const last = { ...scene.last };
  for (const { text, subjectId } of event.lines)
    if (subjectId !== '') last[subjectId] = withoutName(oneLine(text), subjectId, cards[subjectId]?.title);
  return { sprint: event.sprint ?? scene.sprint, haltReason: event.halt?.reason ?? '', cards, last };
}

// The line begins with the card's id already.
function withoutName(text: string, id: string, title = ''): string {
  const name = `${id} "${oneLine(title)}"`;
  return text.startsWith(name) ? text.slice(name.length).replace(/^:? /, '') : text;
}

const activityWords = { text: 'says', reasoning: 'thinks', command: 'runs', 'file-change': 'changes', error: 'met an error:' } as const;

const barWidth = 20;
/** Enough of a title to know the card by. */
const titleWidth = 36;

/** `[#####               ] 1 of 4`. */
export function bar(done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.round((done / total) * barWidth);
  return `[${'#'.repeat(filled)}${' '.repeat(barWidth - filled)}] ${done} of ${total}`;
}

const landed = (tally: SprintHeadView['tally']): number => (tally['done'] ?? 0) + (tally['approved'] ?? 0);
const total = (tally: SprintHeadView['tally']): number => Object.values(tally).reduce((sum, n) => sum + n, 0);

/** `2 m 10 s` between two moments. */
export function elapsed(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} m ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

function sprintLines(scene: ProgressScene, paint: Paint): string[] {
  const { sprint } = scene;
  if (!sprint) return ['No sprint. `muster sprint start --milestone "…"` in another terminal starts one.'];
  const step = sprint.planningStep ? `, ${spaced(sprint.planningStep)}` : '';
  return [
    `${paint('bold', oneLine(sprint.milestone))}  ${bar(landed(sprint.tally), total(sprint.tally))} landed  ${sprint.status}${step}, ` +
      `${count(sprint.turnsSpent, 'turn')}, ${count(sprint.tokensSpent, 'token')}`,
    ...(scene.haltReason ? [paint('yellow', `Stopped: ${oneLine(scene.haltReason)}`)] : []),
    ...(!scene.haltReason && sprint.pausedReason ? [paint('yellow', `Paused: ${oneLine(sprint.pausedReason)}`)] : []),
    ...(sprint.planningStep && scene.last[sprint.id] ? [`  ${scene.last[sprint.id] ?? ''}`] : []),
  ];
}

/** The scene as lines of at most `width` characters: the sprint with its bar, then each running todo with the last thing that happened. */
export function progressLines(
  scene: ProgressScene,
  look: { readonly width: number; readonly now: string; readonly paint: Paint },
): string[] {
  const cards = Object.values(scene.cards);
  const running = cards.filter(({ status }) => status === 'running');
  const waiting = cards.filter(({ status, waitingFor }) => status !== 'queued' && waitingFor.startsWith('waits for you')).length;
  const width = Math.min(titleWidth, Math.max(0, ...running.map(({ title }) => oneLine(title).length)));
  const plain: Paint = (_style, text) => text;
  const lines = (paint: Paint): string[] => [
    ...sprintLines(scene, paint),
    ...running.map((card) =>
      `  ${cut(oneLine(card.title), width).padEnd(width)}  ${spaced(card.step)}, ${elapsed(card.since, look.now)}  ${scene.last[card.id] ?? ''}`.trimEnd(),
    ),
    ...(waiting > 0 ? [`  ${count(waiting, 'card waits', 'cards wait')} for you: \`muster board\``] : []),
  ];
  // A line that is too long is cut before it is painted, so that no escape is cut in two.
  const painted = lines(look.paint);
  return lines(plain).map((line, index) => (line.length > look.width ? cut(line, look.width) : (painted[index] ?? line)));
}

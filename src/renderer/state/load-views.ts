import type { AppClient } from '../../shared/contract/app-contract.js';
import type { BoardCardView } from '../../shared/contract/board-views.js';
import { columnsOf } from './card-order.js';
import type { ViewState, ViewStore } from './view-store.js';

/** Who this is, what serves the page, and which workspaces there are: it needs no open workspace. */
export async function loadHost(client: AppClient, store: ViewStore): Promise<void> {
  const [me, server, workspaces] = await Promise.all([client.people.me(), client.host.version(), client.host.workspaces()]);
  store.setState({ me, server, workspaces });
}

/** Asks for every view and puts them in the place of what was shown. */
export async function loadViews(client: AppClient, store: ViewStore): Promise<void> {
  const [board, status, list, backlog] = await Promise.all([client.board(), client.status(), client.list(), client.backlog.list()]);
  const cards = new Map<string, BoardCardView>();
  for (const column of board.columns) for (const card of column.cards) cards.set(card.id, card);
  const waiting = [...cards.values()].filter(({ needsPerson }) => needsPerson).toSorted((a, b) => (a.since < b.since ? -1 : 1));
  store.setState((old) => ({
    version: old.version + 1,
    isLoaded: true,
    facts: {
      workspace: status.workspace,
      project: status.project,
      isTrusted: status.isTrusted,
      untrustedChanges: status.untrustedChanges,
      writeProblem: status.writeProblem,
    },
    cards,
    columns: columnsOf(board.columns),
    needsYou: waiting.map(({ id }) => id),
    sprint: board.sprint,
    sprints: list.sprints.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1)),
    halt: board.halt,
    problems: board.problems,
    roles: status.roles,
    backlog: new Map(backlog.items.map((item) => [item.id, item])),
    requests: new Map(list.requests.map((request) => [request.id, request])),
    turns: turnsFrom(status),
    spend: status.spend,
    activity: new Map(),
    touched: touchedBy(old),
  }));
}

/** Roles at work, until the stream names the running turns themselves. */
const turnsFrom = ({ roles }: Awaited<ReturnType<AppClient['status']>>): ViewState['turns'] =>
  roles
    .filter(({ status }) => status === 'working')
    .map(({ role, member, step, subjectId, runner }) => ({
      id: `${member}/${subjectId}`,
      role,
      member,
      step,
      subjectId,
      runner,
      isRehearsal: runner === 'rehearsal',
      startedAt: null,
    }));

/** After a reload anything may have changed: whoever shows details asks for them again. */
const touchedBy = (old: ViewState): ReadonlyMap<string, number> => new Map([...old.touched.keys()].map((id) => [id, -old.version - 1]));

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnOfPlace, moveTable } from '../../src/shared/domain/card-moves.js';
import { shim } from '../fixtures/built-program.js';
import { accepted, MovesGround, moveCells, needsOf, words } from '../fixtures/moves-ground.js';
import type { MoveAnswer, MoveCell } from '../fixtures/moves-ground.js';

const run = promisify(execFile);

let ground: MovesGround;

beforeAll(async () => {
  ground = await MovesGround.make();
});

afterAll(() => ground.dispose());

/** The same move by `muster move`, with the same words and the same yes. */
async function moveByCommand(workspaceDir: string, { place, to }: MoveCell): Promise<MoveAnswer> {
  const given = { nothing: [], comment: ['--comment', words], confirmation: ['--yes'] }[needsOf({ place, to })];
  const asked = ['move', ground.cardIn(place), to, ...given, '--as', 'Ann'];
  try {
    await run(process.execPath, [shim, ...asked, '--workspace-root', workspaceDir, '--json'], { cwd: ground.dir });
    return accepted;
  } catch (error) {
    const said = error as { readonly stdout: string; readonly stderr: string };
    const { id, message } = (
      JSON.parse(said.stdout || said.stderr) as { readonly error: { readonly id: string; readonly message: string } }
    ).error;
    return { id, sentence: message };
  }
}

/** What the table says of a cell: its refusal, or that it lets the card through. */
function answerOfTable({ place, to }: MoveCell): string {
  if (columnOfPlace(place) === to) return 'same-column';
  const cell = moveTable[place][to];
  return cell && 'refused' in cell ? cell.refused : 'accepted';
}

describe('the table of moves', () => {
  it.each(moveCells)('answers a move from $place to $to by the command line as by the contract, and leaves the same', async (cell) => {
    const isAccepted = answerOfTable(cell) === 'accepted';
    const first = await ground.openCopy();
    const before = await ground.left(cell.place);
    const byContract = await ground.move(cell);
    const left = await ground.left(cell.place);
    expect(byContract.id).toBe(answerOfTable(cell));
    if (isAccepted) expect(left).not.toEqual(before);
    else expect(left).toEqual(before);

    const byCommand = await moveByCommand(isAccepted ? await ground.openCopy() : first, cell);
    expect(byCommand).toEqual(byContract);
    expect(await ground.left(cell.place)).toEqual(left);
  });
});

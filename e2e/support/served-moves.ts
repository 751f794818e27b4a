import { WebServer } from '../../src/main/web/web-server.js';
import { MovesGround } from '../../tests/fixtures/moves-ground.js';
import { webRoot } from './on-stage.js';

/** A real server before a host with one card in each place of the table of moves, of which nobody works on any. */
export interface ServedMoves {
  readonly ground: MovesGround;
  readonly server: WebServer;
  stop(): Promise<void>;
}

/** Serves the built page before a ground for moves; the first copy is open. */
export async function serveMoves(): Promise<ServedMoves> {
  const ground = await MovesGround.make();
  await ground.openCopy();
  const onLog = (line: string): void => void ground.logs.push(line);
  const server = await WebServer.start({ host: ground.host, workspace: '', port: null, webRoot, onLog });
  return {
    ground,
    server,
    stop: async () => {
      await server.stop();
      await ground.dispose();
    },
  };
}

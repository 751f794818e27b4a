import type { Server } from 'node:http';

/** Listens on 127.0.0.1 at the first of the ports that is free, and says which. Rejects with a sentence when none is. */
export async function listenOnFirstFree(server: Server, ports: readonly number[]): Promise<number> {
  for (const port of ports) if (await listens(server, port)) return portOf(server);
  const [first, last] = [ports[0] ?? 0, ports.at(-1) ?? 0];
  throw new Error(
    first === last
      ? `Could not serve the page: another program uses port ${first} of 127.0.0.1. Name another with --port, or end that program.`
      : `Could not serve the page: no port from ${first} to ${last} of 127.0.0.1 is free. Name one with --port.`,
  );
}

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    };
    server.once('error', onError);
    server.listen({ port, host: '127.0.0.1' }, () => {
      server.off('error', onError);
      resolve(true);
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens at no port.');
  return address.port;
}

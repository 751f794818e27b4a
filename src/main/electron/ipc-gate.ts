import { ipcMain, MessageChannelMain } from 'electron';
import type { IpcMainEvent, MessagePortMain, WebContents, WebFrameMain } from 'electron';
import { onError, ORPCError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { windowChannels } from '../../shared/contract/window-messages.js';
import type { AppContext } from '../host/app-context.js';
import { appRouter } from '../host/app-router.js';
import { appOrigin } from './app-scheme.js';

/** What a gate serves, and to whom. */
export interface IpcGateOptions {
  /** Resolves when there is something to serve. */
  readonly context: Promise<AppContext>;
  /** The window's page; null while there is no window. */
  readonly contents: () => WebContents | null;
  /** The page has a port now. */
  readonly onServed: () => void;
  readonly onLog: (line: string) => void;
}

/** The frame that sent a message where it is the window's own page and nothing within it; null for everybody else. */
export function ownFrame(event: Pick<IpcMainEvent, 'sender' | 'senderFrame'>, contents: WebContents | null): WebFrameMain | null {
  const frame = event.senderFrame;
  if (contents === null || event.sender !== contents || frame === null) return null;
  const { frameToken, processId } = contents.mainFrame;
  return frame.frameToken === frameToken && frame.processId === processId && frame.origin === appOrigin ? frame : null;
}

/** Hands the page of the window a message port that carries the contract; a page has one at a time. */
export class IpcGate {
  readonly #options: IpcGateOptions;
  readonly #handler: RPCHandler<AppContext>;
  #port: MessagePortMain | null = null;
  #isStopped = false;

  constructor(options: IpcGateOptions) {
    this.#options = options;
    const report = (error: unknown): void => {
      const isExpected = error instanceof ORPCError || (error instanceof Error && error.name === 'AbortError');
      if (!isExpected) options.onLog(`A call failed: ${error instanceof Error ? error.message : String(error)}`);
    };
    this.#handler = new RPCHandler(appRouter, { interceptors: [onError(report)] });
  }

  start(): void {
    ipcMain.on(windowChannels.portWanted, this.#heard);
  }

  /** Ends the streams of the page; it is answered no more. */
  stop(): void {
    this.#isStopped = true;
    ipcMain.off(windowChannels.portWanted, this.#heard);
    this.#port?.close();
    this.#port = null;
  }

  readonly #heard = (event: IpcMainEvent): void => {
    const { contents, onLog } = this.#options;
    if (ownFrame(event, contents()) === null)
      return onLog(
        `A message was refused: ${JSON.stringify(event.senderFrame?.url ?? 'a frame that is gone')} is not the page of this window.`,
      );
    this.#offer(event).catch((error: unknown) => onLog(`The page could not be given a port: ${String(error)}`));
  };

  async #offer(event: IpcMainEvent): Promise<void> {
    const context = await this.#options.context;
    // Meanwhile the page may have gone elsewhere.
    const frame = ownFrame(event, this.#options.contents());
    if (frame === null || this.#isStopped) return;
    this.#port?.close();
    const { port1, port2 } = new MessageChannelMain();
    this.#port = port1;
    this.#handler.upgrade(port1, { context });
    port1.start();
    frame.postMessage(windowChannels.port, null, [port2]);
    this.#options.onServed();
  }
}

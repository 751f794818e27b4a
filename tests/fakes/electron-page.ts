import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import type { IpcRenderer } from 'electron';
import type { Link } from '../../src/renderer/connection/carrier.js';
import { menuActionIn } from '../../src/shared/contract/window-messages.js';
import { strict } from './electron-strict.js';
import { contents, FrameStandIn, mainFrame } from './electron-stand-in.js';
import { emitterOf, tell, world } from './electron-world.js';

// Named by a value: this program has no types of a browser, in which the renderer's own carrier is at home.
const carrier = new URL('../../src/renderer/connection/port-carrier.ts', import.meta.url).href;
const { PortCarrier } = (await import(carrier)) as { readonly PortCarrier: new () => { open(): Promise<Link> } };

type Heard = (event: { source: unknown; data: unknown; ports: unknown }) => void;

/** A page in the window: the built preload runs in it as Electron would run it, and the renderer's own carrier asks it for a port. */
export class StandInPage {
  readonly renderer = new EventEmitter();
  #link: Link | null = null;

  constructor(preload: string) {
    const listeners = new Set<Heard>();
    const place: Record<string, unknown> = {
      location: { origin: 'muster://app', protocol: 'muster:' },
      addEventListener: (_type: string, listener: Heard) => void listeners.add(listener),
      removeEventListener: (_type: string, listener: Heard) => void listeners.delete(listener),
    };
    const context = createContext(place);
    const window: unknown = runInContext('globalThis', context);
    place['postMessage'] = (data: unknown, _origin: string, ports: unknown = []) =>
      void setImmediate(() => {
        for (const listener of [...listeners]) listener({ source: window, data, ports });
      });
    place['require'] = (name: string) => {
      if (name !== 'electron') throw new Error(`A sandboxed preload cannot load ${name}.`);
      return strict('electron of a preload', { ipcRenderer: this.#ipcRenderer() });
    };
    place['module'] = { exports: {} };
    world.page = this;
    Object.assign(globalThis, { window, location: place['location'] });
    listeners.add(({ data }) => {
      const action = menuActionIn(data);
      if (action !== null) tell('menu-action', action);
    });
    runInContext(readFileSync(preload, 'utf8'), context, { filename: preload });
  }

  /** Gets a port as the page does. */
  async open(): Promise<void> {
    this.#link = await new PortCarrier().open();
    void this.#link.closed.then(() => tell('link-closed'));
  }

  /** Calls a method of the contract over the port. */
  call(path: readonly string[], input: unknown): Promise<unknown> {
    const method = path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], this.#link?.client);
    return (method as (input: unknown) => Promise<unknown>)(input);
  }

  /** Tells the test every event of `live` from here on. */
  async follow(): Promise<void> {
    const stream = (await this.call(['live'], {})) as AsyncIterable<unknown>;
    void this.#hear(stream);
  }

  async #hear(stream: AsyncIterable<unknown>): Promise<void> {
    try {
      for await (const event of stream) tell('live', event);
      tell('live-ended');
    } catch (error) {
      tell('live-ended', String(error));
    }
  }

  #ipcRenderer(): Partial<IpcRenderer> {
    const { renderer } = this;
    return strict('ipcRenderer', {
      on: renderer.on.bind(renderer) as unknown as IpcRenderer['on'],
      send: (channel: string) => sendAs(channel, mainFrame),
    } satisfies Pick<IpcRenderer, 'on' | 'send'>);
  }
}

/** A message that reaches the main process from a frame. */
export const sendAs = (channel: string, senderFrame: FrameStandIn | null, sender: unknown = contents): void =>
  void emitterOf('ipcMain').emit(channel, strict('IpcMainEvent', { sender, senderFrame }));

import { Menu, nativeImage, Tray } from 'electron';
import { join } from 'node:path';
import { shellText } from './shell-text.js';

/** What the tray's menu does. */
export interface TrayChoices {
  /** Folder of the pictures. */
  readonly pictures: string;
  readonly open: () => void;
  readonly stopAll: () => void;
  readonly quit: () => void;
  readonly onLog: (line: string) => void;
}

/** Muster's icon beside the clock; where the system has no such place, there is none. */
export class TrayIcon {
  readonly #choices: TrayChoices;
  #tray: Tray | null = null;

  constructor(choices: TrayChoices) {
    this.#choices = choices;
  }

  get isThere(): boolean {
    return this.#tray !== null;
  }

  show(): void {
    const { pictures, open, onLog } = this.#choices;
    const name = process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png';
    try {
      this.#tray = new Tray(nativeImage.createFromPath(join(pictures, name)));
      this.#tray.on('click', open);
      this.tell('', 0);
    } catch (error) {
      onLog(`There is no place for an icon beside the clock: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Names the open workspace and counts its running turns. */
  tell(workspace: string, turns: number): void {
    const { open, stopAll, quit } = this.#choices;
    const text = shellText.tray;
    this.#tray?.setToolTip(text.tip(workspace, turns));
    this.#tray?.setContextMenu(
      Menu.buildFromTemplate([
        { id: 'open', label: text.open, click: open },
        { id: 'turns', label: text.turns(turns), enabled: false },
        { type: 'separator' },
        { id: 'stop-all', label: text.stopAll, click: stopAll },
        { type: 'separator' },
        { id: 'quit', label: text.quit, click: quit },
      ]),
    );
  }

  remove(): void {
    this.#tray?.destroy();
    this.#tray = null;
  }
}

import type { MenuItemConstructorOptions } from 'electron';
import type { MenuActionId } from '../../shared/contract/window-messages.js';
import { shellText } from './shell-text.js';

/** What the application menu does. */
export interface MenuChoices {
  readonly isMac: boolean;
  /** Loading again and the developer tools belong to people who work on Muster. */
  readonly isDev: boolean;
  readonly staysInBackground: boolean;
  readonly send: (action: MenuActionId) => void;
  readonly setStaysInBackground: (stays: boolean) => void;
}

type Item = MenuItemConstructorOptions;

const text = shellText.menu;
const line: Item = { type: 'separator' };

const pages = Object.entries(text.pages) as readonly (readonly [MenuActionId, string])[];

const themes = [
  ['theme-system', text.themes.system],
  ['theme-light', text.themes.light],
  ['theme-dark', text.themes.dark],
] as const;

/**
 * The application menu. What the page can do is asked of the page. The page hears a key first: a key of its own never reaches the
 * menu, so that an accelerator here must be none of the page's.
 */
export function menuTemplate(choices: MenuChoices): Item[] {
  const { send, isMac, isDev } = choices;
  const action = (id: MenuActionId, label: string, accelerator?: string): Item => ({
    id,
    label,
    click: () => send(id),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const settings = action('settings', text.settings, 'CmdOrCtrl+,');
  return [
    ...(isMac ? [appMenu(settings)] : []),
    {
      label: text.file,
      submenu: [
        action('new-request', text.newRequest, 'CmdOrCtrl+N'),
        action('new-item', text.newItem, 'CmdOrCtrl+Shift+N'),
        line,
        action('workspaces', text.workspaces, 'CmdOrCtrl+O'),
        ...(isMac ? [] : [line, settings]),
        line,
        background(choices),
        ...(isMac ? [] : [line, { role: 'quit', label: text.quit, accelerator: 'CmdOrCtrl+Q' } as const]),
      ],
    },
    { label: text.edit, submenu: editItems },
    {
      label: text.view,
      submenu: [
        ...pages.map(([id, label], at) => action(id, label, `CmdOrCtrl+${at + 1}`)),
        line,
        { label: text.theme, submenu: themes.map(([id, label]) => action(id, label)) },
        line,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        line,
        { role: 'togglefullscreen' },
        ...(isDev ? [line, { role: 'reload' } as const, { role: 'toggleDevTools' } as const] : []),
      ],
    },
    {
      label: text.sprint,
      submenu: [
        action('start-sprint', text.start),
        action('resume-sprint', text.resume),
        action('stop-sprint', text.stop),
        line,
        action('stop-all', text.stopAll, 'CmdOrCtrl+Shift+.'),
      ],
    },
    { label: text.window, role: 'windowMenu' },
    {
      label: text.help,
      role: 'help',
      submenu: [
        action('palette', text.palette),
        action('keys', text.keys, 'CmdOrCtrl+/'),
        ...(isMac ? [] : [line, { role: 'about' } as const]),
      ],
    },
  ];
}

/** Fields need these; outside of fields the page has keys of its own and hears them first. */
const editItems: Item[] = [
  { role: 'undo' },
  { role: 'redo' },
  line,
  { role: 'cut' },
  { role: 'copy' },
  { role: 'paste' },
  { role: 'selectAll' },
];

const appMenu = (settings: Item): Item => ({
  label: shellText.product,
  submenu: [
    { role: 'about' },
    line,
    settings,
    line,
    { role: 'services' },
    line,
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    line,
    { role: 'quit', label: text.quit },
  ],
});

const background = ({ staysInBackground, setStaysInBackground }: MenuChoices): Item => ({
  id: 'background',
  label: text.background,
  type: 'checkbox',
  checked: staysInBackground,
  click: ({ checked }) => setStaysInBackground(checked),
});

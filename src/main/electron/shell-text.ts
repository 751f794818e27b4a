const turns = (count: number): string => (count === 1 ? '1 turn is running' : `${count} turns are running`);

/** What the window's own parts say: menus, the tray and questions. The page has its own words. */
export const shellText = {
  product: 'Muster',
  cancel: 'Cancel',
  menu: {
    file: 'File',
    newRequest: 'New Request…',
    newItem: 'New Backlog Item…',
    workspaces: 'Open Workspace…',
    settings: 'Settings…',
    background: 'Keep Working When the Window Is Closed',
    quit: 'Quit Muster',
    edit: 'Edit',
    view: 'View',
    theme: 'Theme',
    themes: { system: 'As the System', light: 'Light', dark: 'Dark' },
    pages: {
      'go-needs-you': 'Needs You',
      'go-board': 'Board',
      'go-backlog': 'Backlog',
      'go-requests': 'Requests',
      'go-roster': 'Roster',
      'go-sprints': 'Sprints',
      'go-insights': 'Insights',
    },
    sprint: 'Sprint',
    start: 'Start Sprint…',
    resume: 'Resume',
    stop: 'Stop Sprint…',
    stopAll: 'Stop Everything…',
    window: 'Window',
    help: 'Help',
    palette: 'Search and Commands',
    keys: 'All Shortcuts',
  },
  tray: {
    open: 'Open Muster',
    turns: (count: number): string => (count === 0 ? 'No turn is running' : turns(count)),
    stopAll: 'Stop Everything…',
    quit: 'Quit',
    tip: (name: string, count: number): string =>
      [name === '' ? 'Muster' : `Muster: ${name}`, ...(count === 0 ? [] : [turns(count)])].join(', '),
  },
  quit: {
    message: (count: number): string => `${turns(count)}. Quit Muster?`,
    detail: 'What runs is ended in order, and goes on when Muster is started again. Nothing is lost.',
    stop: 'Stop and Quit',
    background: 'Keep Working in the Background',
    late: 'Muster could not be ended in order in time. What was under way goes on at the next start.',
  },
  close: {
    message: 'Keep Muster working when its window is closed?',
    detail:
      'In the background Muster goes on with its turns, and its icon beside the clock, or starting Muster again, brings the window back. You are asked once; the File menu changes it.',
    background: 'Keep Working',
    quit: 'Quit',
  },
  stopAll: {
    message: (count: number): string => (count === 0 ? 'Stop everything?' : `${turns(count)}. Stop everything?`),
    detail: 'Running turns are ended now, and nothing starts until a person lets it go on. Nothing is lost.',
    stop: 'Stop Everything',
    failed: 'Could not stop everything',
  },
  otherWorkspace: {
    message: (path: string): string => `Open ${path}?`,
    detail: (count: number, current: string): string =>
      `${turns(count)} in ${current}. What runs there is ended in order, and goes on when that workspace is opened again.`,
    open: 'Open',
    failed: 'Could not open that workspace',
  },
  crash: {
    message: 'The page of this window keeps ending.',
    detail: (times: number, reason: string): string =>
      `It ended ${times} times within a minute (${reason}). The team's work goes on. Load it again, or leave it and use \`muster serve\` and a browser.`,
    reload: 'Load Again',
    leave: 'Leave It',
  },
  unresponsive: {
    message: 'The page of this window does not answer.',
    detail: "The team's work goes on. Wait for the page, or load it again.",
    wait: 'Wait',
    reload: 'Load Again',
  },
  rebuilt: {
    message: 'Muster was built anew while it ran.',
    detail: 'This window shows the new page, and the part that works is still the old one. Start Muster again, so that both are the same.',
    restart: 'Start Again',
    later: 'Later',
  },
  failed: 'Muster could not start',
} as const;

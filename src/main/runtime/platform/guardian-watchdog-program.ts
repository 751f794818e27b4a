/**
 * Source of the watchdog, for `node -e`: kept as text so that no bundler can lose the file. Reads one line of JSON on descriptor
 * 3 {argv, cwd, env, merged}, runs it, and ends it with its family when descriptor 3 closes or the program is over. Writes
 * {exitCode, signal} to descriptor 4. Needs nothing but Node's own modules.
 */
export const watchdogProgram = String.raw`
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const cp = require('node:child_process');
const tag = process.env.MUSTER_PROCESS_TAG;
const owner = process.env.MUSTER_PROCESS_OWNER;
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE']) process.on(name, () => {});
let leader = 0;
let over = false;

function fromProc() {
  const rows = [];
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = fs.readFileSync('/proc/' + name + '/stat', 'latin1');
      const f = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (f[0] === 'Z' || f[0] === 'X') continue;
      let tagged = false;
      try {
        const lines = fs.readFileSync('/proc/' + name + '/environ').toString('utf8').split('\0');
        tagged = lines.includes('MUSTER_PROCESS_TAG=' + tag) && lines.includes('MUSTER_PROCESS_OWNER=' + owner);
      } catch {}
      rows.push({ pid: +name, parent: +f[1], group: +f[2], session: +f[3], tagged });
    } catch {}
  }
  return rows;
}

function fromPs() {
  const run = (args) => cp.spawnSync('ps', args, { encoding: 'utf8', maxBuffer: 1 << 26 }).stdout || '';
  const tagged = new Set(run(['-axEww', '-o', 'pid=,command=']).split('\n').filter((l) => l.includes(' MUSTER_PROCESS_TAG=' + tag) && l.includes(' MUSTER_PROCESS_OWNER=' + owner)).map((l) => parseInt(l, 10)));
  return run(['-axo', 'pid=,ppid=,pgid=,stat=']).split('\n').flatMap((l) => {
    const f = l.trim().split(/\s+/);
    return f.length < 4 || f[3].startsWith('Z') ? [] : [{ pid: +f[0], parent: +f[1], group: +f[2], session: 0, tagged: tagged.has(+f[0]) }];
  });
}

function family() {
  const rows = fs.existsSync('/proc/self/stat') ? fromProc() : fromPs();
  const found = new Set(rows.filter((r) => r.tagged || (leader && (r.session === leader || r.group === leader))).map((r) => r.pid));
  found.add(process.pid);
  if (leader) found.add(leader);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const r of rows) if (found.has(r.parent) || (r.session !== process.pid && found.has(r.session))) found.add(r.pid);
  }
  const alive = new Set(rows.map((r) => r.pid));
  found.delete(process.pid);
  return [...found].filter((pid) => alive.has(pid));
}

function signal(name) {
  const pids = family();
  for (const pid of pids) try { process.kill(pid, name); } catch {}
  return pids.length;
}

function endAll(polite, done) {
  if (process.platform === 'win32') {
    if (leader) cp.spawnSync('taskkill', ['/T', '/F', '/PID', String(leader)]);
    return done();
  }
  if (polite) signal('SIGTERM');
  const started = process.hrtime.bigint();
  const look = () => {
    const ms = Number((process.hrtime.bigint() - started) / 1000000n);
    const left = !polite || ms > 500 ? signal('SIGKILL') : family().length;
    if (left === 0 || ms > 5000) return done();
    setTimeout(look, 15);
  };
  look();
}

function finish(polite, status) {
  if (over) return;
  over = true;
  endAll(polite, () => {
    try { fs.writeSync(4, JSON.stringify(status) + '\n'); } catch {}
    process.exit(0);
  });
}

const control = new net.Socket({ fd: 3, readable: true, writable: false });
let order = '';
control.on('data', (chunk) => {
  if (leader || !(order += chunk).endsWith('\n')) return;
  const { argv, cwd, env, merged } = JSON.parse(order);
  const child = cp.spawn(argv[0], argv.slice(1), { cwd, env, stdio: [0, 1, merged ? 1 : 2], detached: process.platform !== 'win32', windowsHide: true });
  leader = child.pid || 0;
  child.on('error', (error) => { try { fs.writeSync(2, error.message + '\n'); } catch {} finish(false, { exitCode: 127, signal: null }); });
  child.on('exit', (exitCode, signalName) => finish(false, { exitCode, signal: signalName }));
});
control.on('error', () => finish(true, { exitCode: null, signal: 'SIGTERM' }));
control.on('close', () => finish(true, { exitCode: null, signal: 'SIGTERM' }));
`;

// Plays one turn of a rehearsal in a checkout and tells what it does in JSON lines. Needs Node 20 or later and nothing else.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const maxCommandOutput = 64 * 1024;
const scriptFile = process.argv[2];
const script = JSON.parse(readFileSync(scriptFile, 'utf8'));

async function write(text) {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

const say = (line) => write(`${JSON.stringify(line)}\n`);

// A link that the checkout holds must not lead an edit out of it.
function inside(folder, name) {
  const path = join(folder, name);
  let parent = dirname(path);
  while (!existsSync(parent)) parent = dirname(parent);
  const top = realpathSync(folder);
  const real = existsSync(path) ? realpathSync(path) : realpathSync(parent);
  if (real !== top && !real.startsWith(top + sep)) throw new Error(`Could not edit ${name}: it leads out of ${folder}.`);
  return path;
}

function put(folder, name, content) {
  mkdirSync(folder, { recursive: true });
  const path = inside(folder, name);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : null;
  if (before === content) return null;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return before === null ? 'added' : 'modified';
}

// A turn may be played again after a restart, so an edit that stands already is left alone.
function replace(folder, { replace: name, find, with: text }) {
  const path = inside(folder, name);
  const before = readFileSync(path, 'utf8');
  if (text !== '' && before.includes(text)) return null;
  if (!before.includes(find)) {
    if (text === '') return null;
    throw new Error(`Could not edit ${name}: it contains neither the text to replace nor the new one: ${JSON.stringify(find)}`);
  }
  writeFileSync(path, before.replace(find, () => text));
  return 'modified';
}

function remove(folder, name) {
  const path = inside(folder, name);
  if (!existsSync(path)) return null;
  rmSync(path);
  return 'deleted';
}

function apply(edit) {
  if ('write' in edit) return { path: edit.write, change: put(script.checkout, edit.write, edit.content) };
  if ('replace' in edit) return { path: edit.replace, change: replace(script.checkout, edit) };
  if ('delete' in edit) return { path: edit.delete, change: remove(script.checkout, edit.delete) };
  const path = relative(script.checkout, join(script.documents, edit.document));
  return { path: path.startsWith('..') ? join(script.documents, edit.document) : path, change: put(script.documents, edit.document, edit.content) };
}

async function run(argv) {
  const [name, ...rest] = argv;
  const child = spawn(name === 'node' ? process.execPath : name, rest, { cwd: script.checkout, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk) => {
    if (output.length < maxCommandOutput) output += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const exitCode = await new Promise((resolve) => {
    child.on('error', (error) => {
      keep(error.message);
      resolve(127);
    });
    child.on('close', resolve);
  });
  await say({ type: 'command', command: argv.join(' '), exitCode, output: output.slice(0, maxCommandOutput) });
  if (exitCode !== 0 && script.mustPass) throw new Error(`The command ${argv.join(' ')} must pass and ended with ${exitCode}.`);
}

function forkDaemon() {
  const program = "for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(name, () => {}); setInterval(() => {}, 1000);";
  spawn(process.execPath, ['-e', program, 'rehearsed-daemon', scriptFile], { detached: true, stdio: 'ignore' }).unref();
}

async function giveAnswer() {
  if (script.answerBytes === null) return say({ type: 'answer', text: script.answer });
  await write('{"type":"answer","text":"');
  const block = 'x'.repeat(64 * 1024);
  for (let left = script.answerBytes; left > 0; left -= block.length) await write(left < block.length ? block.slice(0, left) : block);
  await write('"}\n');
}

async function play() {
  await say({ type: 'session', sessionId: script.sessionId ?? randomUUID() });
  const pause = script.durationMs / (script.says.length + 1);
  for (const text of script.says) {
    await say({ type: 'text', text });
    if (pause > 0) await wait(pause);
  }
  for (const edit of script.edits) {
    const { path, change } = apply(edit);
    if (change !== null) await say({ type: 'file-change', path, change });
  }
  for (const argv of script.commands) await run(argv);
  if (pause > 0) await wait(pause);
  if (script.forksDaemon) forkDaemon();
  await say({ type: 'usage', usage: script.usage });
  if (script.neverEnds) await new Promise(() => setInterval(() => {}, 60_000));
  if (script.crash) throw new Error('The rehearsal has this turn crash.');
  await giveAnswer();
}

try {
  await play();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

import process from 'node:process';
import { pathToFileURL } from 'node:url';

const [file, name] = process.argv.slice(2);
const exported = `bench${name.replaceAll(/(?:^|-)(\w)/g, (_match, letter) => letter.toUpperCase())}`;
const bench = (await import(pathToFileURL(file).href))[exported];
if (typeof bench !== 'function') {
  process.stderr.write(`bench/${name}.ts must export \`async function ${exported}(): Promise<Record<string, unknown>>\`.\n`);
  process.exit(1);
}
const figures = await bench();
process.send(figures, () => process.disconnect());

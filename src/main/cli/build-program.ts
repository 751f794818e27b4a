import { Command, InvalidArgumentError, Option } from 'commander';
import type { CliPlaces } from './cli-places.js';
import type { CommandSpec, OptionSpec } from './command-spec.js';
import { Invocation } from './invocation.js';
import type { OptionValues } from './invocation.js';

const common = {
  workspaceRoot: { usage: '--workspace-root <path>', says: 'the workspace (default: found from the current folder)' },
  json: { usage: '--json', says: 'print data instead of words' },
  as: { usage: '--as <name>', says: "act under this name (default: git's user.name)" },
} as const;

/** The commander program of a table of commands; `onExit` gets the exit code of the one that ran. */
export function buildProgram(
  table: readonly CommandSpec[],
  version: string,
  places: CliPlaces,
  onExit: (code: number) => void,
  /** Where the words on wrong use go. */
  said: (text: string) => void = (text) => places.stderr.write(text),
): Command {
  const program = new Command('muster')
    .description('A team of AI roles on a git repository, with a board.')
    .version(version, '--version', 'print the version')
    .addOption(optionOf(common.workspaceRoot))
    .configureHelp({ sortSubcommands: false })
    .helpCommand('help [command]', 'explain a command')
    // `muster backlog add x --json` is for `add`, not for `backlog`.
    .enablePositionalOptions()
    .showHelpAfterError('Run it with --help to see how it is used.');
  program.exitOverride();
  program.configureOutput({ writeOut: (text) => places.stdout.write(text), writeErr: said });
  for (const spec of table) addCommand(program, spec, places, onExit);
  return program;
}

function addCommand(program: Command, spec: CommandSpec, places: CliPlaces, onExit: (code: number) => void): void {
  const command = commandAt(program, spec.path).description(spec.says);
  for (const argument of spec.arguments ?? []) command.argument(argument.usage, argument.says);
  for (const option of spec.options ?? []) command.addOption(optionOf(option));
  if (spec.hasJson === true) command.addOption(optionOf(common.json));
  if (spec.isPersons === true) command.addOption(optionOf(common.as));
  command.addOption(optionOf(common.workspaceRoot));
  command.action(async (...given: unknown[]) => {
    // commander adds the options and the command itself behind the arguments.
    const values = given.slice(0, -2) as Invocation['values'];
    const options: OptionValues = { ...program.opts<Record<string, string>>(), ...command.opts<Record<string, string>>() };
    onExit(await spec.run(new Invocation(places, values, options, spec.isPersons === true)));
  });
}

const groups: Readonly<Record<string, string>> = {
  action: 'run the actions that team_runtime.yaml names',
  sprint: 'start, stop, resume or look at sprints',
  config: 'change the configuration',
  role: 'settings of one role',
  journal: 'look after the journal',
};

/** The command of a path, with its groups made on the way. */
function commandAt(program: Command, path: readonly string[]): Command {
  return path.reduce((parent, name) => {
    const known = parent.commands.find((each) => each.name() === name);
    if (known) return known;
    const made = parent
      .command(name)
      .description(groups[name] ?? '')
      .exitOverride();
    made.copyInheritedSettings(parent);
    return made;
  }, program);
}

function optionOf(spec: OptionSpec): Option {
  const option = new Option(spec.usage, spec.says);
  if (spec.isRequired === true) option.makeOptionMandatory();
  if (spec.choices) option.choices([...spec.choices]);
  const { atLeast } = spec;
  if (atLeast !== undefined) option.argParser((value: string) => wholeNumber(value, atLeast));
  if (spec.isRepeated === true) option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  return option;
}

function wholeNumber(value: string, atLeast: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number >= atLeast) return number;
  throw new InvalidArgumentError(`A whole number from ${atLeast} upwards is needed.`);
}

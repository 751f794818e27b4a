import type { CommandInput, PersonCommandType } from '../../shared/contract/command-schemas.js';
import type { Accepted } from '../runtime/runtime-api.js';
import type { PersonCommand, Refusal } from '../../shared/domain/vocabulary.js';
import type { Result } from '../../shared/kernel/result.js';
import type { ApiContext } from './api-context.js';

interface Call<T extends PersonCommandType> {
  readonly input: CommandInput<T>;
  readonly context: ApiContext;
  readonly errors: { REFUSED(options: { readonly message: string; readonly data: Refusal }): Error };
}

interface Answer {
  readonly seq: number;
  readonly events: readonly string[];
  readonly createdIds: readonly string[];
}

const originOf = <T extends PersonCommandType>({ input, context }: Call<T>) => ({
  commandId: input.commandId ?? `server-${context.ids.hex(20)}`,
  actor: context.actorOf(input.as),
});

function answered<T extends PersonCommandType>({ errors }: Call<T>, result: Result<Accepted, Refusal>): Answer {
  if (result.ok) return result.value;
  throw errors.REFUSED({ message: result.error.message, data: result.error });
}

/** The handler of a command's method: the input, with its type, goes to the runtime; a refusal becomes `REFUSED`. */
export const accepts =
  <T extends Exclude<PersonCommandType, 'start-sprint'>>(type: T) =>
  async (call: Call<T>): Promise<Answer> => {
    const { commandId: _id, as: _as, ...fields } = call.input;
    return answered(call, await call.context.runtime.dispatch({ type, ...fields } as unknown as PersonCommand, originOf(call)));
  };

/** A sprint's terms are not the client's to give: the runtime looks them up. */
export const acceptsSprint = async (call: Call<'start-sprint'>): Promise<Answer> => {
  const { commandId: _id, as: _as, ...kickoff } = call.input;
  return answered(call, await call.context.runtime.startSprint(kickoff, originOf(call)));
};

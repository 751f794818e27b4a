import type { CommandToVerify } from '../../../shared/domain/receipt.js';
import { hashOf } from './canonical-json.js';

/** Pins a command list: equal lists of names and arguments, in order, have equal hashes. */
export const verifyHash = (commands: readonly CommandToVerify[]): string => hashOf(commands.map(({ name, argv }) => ({ name, argv })));

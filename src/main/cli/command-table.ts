import type { CommandSpec } from './command-spec.js';
import { actionCommands } from './commands/action-commands.js';
import { auditCommand } from './commands/audit.js';
import { backlogCommands } from './commands/backlog-commands.js';
import { cleanupCommand } from './commands/cleanup.js';
import { configRoleSetCommand } from './commands/config-role-set.js';
import { demoCommand } from './commands/demo.js';
import { dismissCommand } from './commands/dismiss.js';
import { doctorCommand } from './commands/doctor.js';
import { initCommand } from './commands/init.js';
import { journalRepairCommand } from './commands/journal-repair.js';
import { journalRestoreCommand } from './commands/journal-restore.js';
import { linkCommand } from './commands/link.js';
import { lookCommands } from './commands/look-commands.js';
import { requestCommand } from './commands/request.js';
import { reviewCommands } from './commands/review-commands.js';
import { runCommand } from './commands/run.js';
import { serveCommand } from './commands/serve.js';
import { sprintCommands } from './commands/sprint-commands.js';
import { startCommand } from './commands/start.js';
import { todoCommands } from './commands/todo-commands.js';
import { trustCommand } from './commands/trust.js';

/** Every command of the command line, in the order of the help. */
export const commandTable: readonly CommandSpec[] = [
  demoCommand,
  initCommand,
  trustCommand,
  runCommand,
  serveCommand,
  startCommand,
  linkCommand,
  ...lookCommands,
  requestCommand,
  ...backlogCommands,
  ...sprintCommands,
  ...reviewCommands,
  ...todoCommands,
  ...actionCommands,
  dismissCommand,
  auditCommand,
  cleanupCommand,
  doctorCommand,
  configRoleSetCommand,
  journalRepairCommand,
  journalRestoreCommand,
];

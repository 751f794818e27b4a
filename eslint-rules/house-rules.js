import { fileName } from './file-name.js';
import { noAmbientChance } from './no-ambient-chance.js';
import { noAmbientTime } from './no-ambient-time.js';
import { noBarrel } from './no-barrel.js';
import { noDefaultExport } from './no-default-export.js';
import { noEmptyCatch } from './no-empty-catch.js';
import { noEnum } from './no-enum.js';
import { noModuleMock } from './no-module-mock.js';

/** The house's own lint rules, by the name under which the configuration switches them on (`muster/<name>`). */
export const houseRules = {
  rules: {
    'file-name': fileName,
    'no-ambient-chance': noAmbientChance,
    'no-ambient-time': noAmbientTime,
    'no-barrel': noBarrel,
    'no-default-export': noDefaultExport,
    'no-empty-catch': noEmptyCatch,
    'no-enum': noEnum,
    'no-module-mock': noModuleMock,
  },
};

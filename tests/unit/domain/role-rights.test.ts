import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/shared/domain/configuration.js';
import { changeRights } from '../../../src/shared/domain/role-rights.js';

describe('what a role may change of the project', () => {
  it('is everything for the developer and nothing for every other role, unless the configuration says so', () => {
    const rights = Object.keys(defaultConfiguration.roleDefaults).map((role) => [role, changeRights(defaultConfiguration, role).mayChange]);
    expect(rights.filter(([, mayChange]) => mayChange?.length !== 0)).toEqual([['developer', ['**']]]);
    const designer = { model: 'm', reasoning: 'low', runner: 'codex', network: false, mayChange: ['docs/**'] } as const;
    const configuration = { ...defaultConfiguration, roleDefaults: { ...defaultConfiguration.roleDefaults, designer } };
    expect(changeRights(configuration, 'designer').mayChange).toEqual(['docs/**']);
  });

  it('is never git itself', () => {
    expect(changeRights(defaultConfiguration, 'developer').mayNotChange).toEqual(['.git/**']);
  });
});

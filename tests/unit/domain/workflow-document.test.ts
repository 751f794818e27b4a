import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { workflowDocument } from '../../../src/shared/domain/workflow-document.js';

it('docs/workflow.md says what the table says; `node scripts/write-workflow-document.mjs` writes it again', () => {
  expect(readFileSync(new URL('../../../docs/workflow.md', import.meta.url), 'utf8')).toBe(workflowDocument());
});

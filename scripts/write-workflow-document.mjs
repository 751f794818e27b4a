import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { bundledNode, checkout } from './set-up.mjs';

// The table is TypeScript, which the bundled Node runs as it is once `./x.js` is found as `./x.ts`.
if (typeof registerHooks !== 'function') {
  console.error(
    `Could not write docs/workflow.md with Node ${process.version}. Run it with the bundled one: ${bundledNode()} ${process.argv[1]}`,
  );
  process.exit(1);
}
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.startsWith('.') && context.parentURL?.endsWith('.ts') ? specifier.replace(/\.js$/, '.ts') : specifier, context),
});

const { workflowDocument } = await import('../src/shared/domain/workflow-document.ts');
const file = path.join(checkout, 'docs', 'workflow.md');
writeFileSync(file, workflowDocument());
console.log(`Wrote ${path.relative(process.cwd(), file)}.`);

const TIMERS = new Set(['setTimeout', 'setInterval']);
const TIMER_MODULES = /^(node:)?timers(\/promises)?$/;

/** Time comes in through the Clock port, so that a test can set it and a replay gets the same answer. */
export const noAmbientTime = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      now: 'Take the time from the Clock port (or the `now` value): {{ what }} cannot be set by a test.',
      timer: 'Arm timers with `Clock.after`: {{ what }} cannot be driven by a test.',
    },
  },
  create(context) {
    const report = (node, messageId, what) => context.report({ node, messageId, data: { what } });
    return {
      'MemberExpression[object.name="Date"][property.name="now"]': (node) => report(node, 'now', 'Date.now'),
      'MemberExpression[object.name="performance"][property.name="now"]': (node) => report(node, 'now', 'performance.now'),
      'MemberExpression[object.name="process"][property.name=/^(hrtime|uptime)$/]': (node) =>
        report(node, 'now', `process.${node.property.name}`),
      'MemberExpression[object.name="AbortSignal"][property.name="timeout"]': (node) => report(node, 'timer', 'AbortSignal.timeout'),
      'NewExpression[callee.name="Date"][arguments.length=0]': (node) => report(node, 'now', 'new Date()'),
      'CallExpression[callee.name="Date"]': (node) => report(node, 'now', 'Date()'),
      'MemberExpression[object.name=/^(globalThis|global)$/]'(node) {
        if (TIMERS.has(node.property.name)) report(node, 'timer', node.property.name);
      },
      ImportDeclaration(node) {
        if (TIMER_MODULES.test(node.source.value)) report(node, 'timer', node.source.value);
      },
      'Program:exit'(node) {
        const free = context.sourceCode.getScope(node).through.filter(({ identifier }) => TIMERS.has(identifier.name));
        const known = context.sourceCode.getScope(node).variables.filter(({ name, defs }) => TIMERS.has(name) && defs.length === 0);
        for (const { identifier } of [...free, ...known.flatMap(({ references }) => references)])
          report(identifier, 'timer', identifier.name);
      },
    };
  },
};

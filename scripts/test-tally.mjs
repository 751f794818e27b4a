/**
 * How many runs passed, failed and were skipped.
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Tally
 */

/**
 * Counts what a vitest run reported. A test file that could not be loaded counts as one failure, and so does a run that ended badly
 * without naming a failed test.
 *
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: readonly { status: string, assertionResults: readonly unknown[] }[] } | null} report null when there is none.
 * @param {number} exitCode
 * @returns {Tally}
 */
export function tallyOf(report, exitCode) {
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = report.numFailedTests + unloaded;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * What `npm test` says before its last line where the tests' jail is missing and something was skipped; '' otherwise.
 *
 * @param {Tally} tally
 * @param {{ hasBubblewrap: boolean, sentence: string | null }} jail `sentence` says why there is none.
 */
export function skippedProofsLine({ skipped }, { hasBubblewrap, sentence }) {
  if (hasBubblewrap || skipped === 0) return '';
  const why = sentence ?? 'there is no /usr/bin/bwrap, which the tests use as the jail.';
  return `Proofs were skipped for want of the jail (tests/integration/lies, broken and others; each says so above): ${why}`;
}

/** The last line of `npm test`: `12 passed, 0 failed`, and `, 1 skipped` when there were any. */
export function tallyLine(tally) {
  return `${tally.passed} passed, ${tally.failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''}`;
}

/** The milestone of the sample sprint. */
export const sampleMilestone = 'Durations that people can read and write';

/** What the sample sprint is started with; precise enough for a planner that has nothing else to go by. */
export const sampleKickoff = {
  milestone: sampleMilestone,
  brief: `The sample sprint: seven small pieces of work on a library for durations.
- A leading sign counts for every part of a compound duration: "-1h 30m" is minus 90 minutes, and a sign between the parts is refused.
- A rounded last part is carried into the next unit: 119,999 ms is "2m", 1 h 59 min 59 s is "2h".
- Durations in words read as people say them: one of a unit in the singular, the last part joined with "and".
- ISO 8601 durations of days and smaller units are read: "P1DT2H3M4S", "PT0.5H"; "P", "PT" and "P1DT" are refused.
- Days are a unit to read and to write: 51 hours are "2d 3h".
- Weeks are a unit to read and to write: seven times 24 hours are "1w".
- ISO 8601 durations are written so that they can be read back; this needs that they are read.`,
  requirements: ['Every change comes with a test that fails without it.'],
  sourceRequestId: '',
};

/** Two todos at once, so that the two that conflict with each other meet. */
export const sampleSettings = [[['limits', 'parallel_todos'], 2]] as const;

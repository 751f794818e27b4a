export { describeDuration } from './describe.js';
export { formatDuration } from './format.js';
export { parseIsoDuration } from './iso.js';
export { parseDuration } from './parse.js';
export { units } from './units.js';

/** A program could not be started; the message says which, where and why, and what to look at. */
export class ProcessStartError extends Error {
  override readonly name = 'ProcessStartError';
}

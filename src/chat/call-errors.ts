/** Errors of a connection that was never made. */
const connectErrors = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether a call failed before anything was sent, for certain. */
export function isConnectError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && connectErrors.has(error.code)) return true;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isConnectError);
  return isConnectError(error.cause);
}

/** Whether our own code failed rather than the network: trying again would only hide it. */
export function isOwnMistake(error: unknown): boolean {
  if (error instanceof ReferenceError || error instanceof RangeError) return true;
  // What fetch throws for a broken connection is a TypeError, too, with what broke as its cause.
  if (error instanceof TypeError) return error.cause === undefined;
  return error instanceof Error && 'code' in error && error.code === 'UND_ERR_INVALID_ARG';
}

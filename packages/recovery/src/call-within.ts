/** Options of one call on AWS: it ends with the caller's signal, and by itself after so many seconds. */
export const callWithin = (
  seconds: number,
  signal: AbortSignal,
): { readonly abortSignal: AbortSignal } => ({ abortSignal: within(seconds, signal) });

export const within = (seconds: number, signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);

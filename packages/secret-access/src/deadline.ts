/** Settles with the promise, or rejects with `expired()` after the time. A late result or failure of the promise is dropped. */
export function withDeadline<T>(
  promise: Promise<T>,
  milliseconds: number,
  expired: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(expired()), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

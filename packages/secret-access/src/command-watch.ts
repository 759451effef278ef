import { errorMonitor } from "node:events";
import { cutLine, type DatabaseLine } from "./database-line.ts";
import { QueryDeadlineError } from "./errors.ts";
import type { DriverCommand, DriverConnection } from "./mysql2-internals.ts";

/**
 * Gives every statement of a connection a deadline and reports its errors. mysql2's own `timeout` leaves the connection in the
 * pool with the answer outstanding, which wedges the pool: here the socket is closed, so that the connection leaves it.
 */
export function watchCommands(
  connection: DriverConnection,
  line: DatabaseLine,
  deadlineMillis: number,
  onError: (error: unknown) => void,
): void {
  const add = connection.addCommand.bind(connection);
  let running = 0;
  let startedAt = 0;
  let watching = false;
  const expire = () => {
    if (running > 0) cutLine(line, lateAnswer(line, deadlineMillis));
  };
  // One timer looks after all statements of its time: a timer for each would cost more than the rest of this package.
  const watch = (milliseconds: number) => {
    watching = true;
    setTimeout(look, milliseconds).unref();
  };
  const look = () => {
    watching = false;
    if (running === 0) return;
    const left = startedAt + deadlineMillis - performance.now();
    if (left > 1) watch(left);
    // A function that was frozen wakes up with due timers: an answer that has arrived meanwhile is read first.
    else setImmediate(expire);
  };
  const next = () => {
    startedAt = performance.now();
  };
  connection.addCommand = (command) => {
    observe(command, onError);
    if (running++ === 0) next();
    if (!watching) watch(deadlineMillis);
    command.once("end", () => {
      running--;
      next();
    });
    return add(command);
  };
}

const lateAnswer = (line: DatabaseLine, deadlineMillis: number): QueryDeadlineError =>
  new QueryDeadlineError(
    "query-deadline",
    `${line.target?.target} did not answer within ${deadlineMillis} ms: the statement may or may not have been applied`,
  );

function observe(command: DriverCommand, onError: (error: unknown) => void): void {
  const { onResult } = command;
  if (!onResult) {
    command.once(errorMonitor, onError);
    return;
  }
  command.onResult = (error, ...rest) => {
    if (error) onError(error);
    onResult.call(command, error, ...rest);
  };
}

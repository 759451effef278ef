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
  let timer: NodeJS.Timeout | undefined;
  const expire = () =>
    // A function that was frozen wakes up with due timers: an answer that has arrived meanwhile is read first.
    setImmediate(() => {
      if (running > 0)
        cutLine(
          line,
          new QueryDeadlineError(
            "query-deadline",
            `${line.target?.target} did not answer within ${deadlineMillis} ms: the statement may or may not have been applied`,
          ),
        );
    });
  const rearm = () => {
    clearTimeout(timer);
    timer = running > 0 ? setTimeout(expire, deadlineMillis) : undefined;
  };
  line.socket.once("close", () => {
    running = 0;
    rearm();
  });
  connection.addCommand = (command) => {
    observe(command, onError);
    running++;
    if (running === 1) rearm();
    command.once("end", () => {
      running--;
      rearm();
    });
    return add(command);
  };
}

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

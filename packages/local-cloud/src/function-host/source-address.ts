import { Socket } from "node:net";

type ConnectOptions = Readonly<Record<string, unknown>>;

/** Every TCP connection of the process leaves from this address, whatever made it. Linux knows all of 127.0.0.0/8 as its own. */
export const callFrom = (localAddress: string): void => {
  const connect = Socket.prototype.connect as (this: Socket, ...parameters: unknown[]) => Socket;
  const connectFrom = function (this: Socket, ...parameters: unknown[]): Socket {
    // Node's own callers pass one list of normalised arguments, everybody else the arguments themselves.
    const [list] = parameters;
    const given = Array.isArray(list) ? (list as unknown[]) : parameters;
    const { options, count } = optionsOf(given);
    if (!options || !leaves(options)) return connect.apply(this, parameters);
    given.splice(0, count, { ...options, localAddress });
    return connect.apply(this, parameters);
  };
  Object.assign(Socket.prototype, { connect: connectFrom });
};

/** The options, and how many arguments they take up: an object, or a port with a host. */
function optionsOf([first, second]: readonly unknown[]): {
  readonly options?: ConnectOptions;
  readonly count: number;
} {
  if (typeof first === "object" && first !== null)
    return { options: first as ConnectOptions, count: 1 };
  return typeof second === "string"
    ? { options: { port: first, host: second }, count: 2 }
    : { count: 0 };
}

/** Sockets of the file system and the machine's own name stay as they are. */
const leaves = ({ path, localAddress, host }: ConnectOptions): boolean =>
  path === undefined &&
  localAddress === undefined &&
  typeof host === "string" &&
  host !== "localhost" &&
  !host.includes(":");

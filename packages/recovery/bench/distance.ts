import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to an endpoint that takes as long as a network does: half of the round trip in each direction. */
interface Distance extends AsyncDisposable {
  readonly endpoint: string;
}

/** @param endpoint - `http://host:port`, as the local cloud prints it */
export async function distanceTo(
  endpoint: string,
  roundTripMilliseconds: number,
): Promise<Distance> {
  const { hostname, port, protocol } = new URL(endpoint);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      // Timers of the same length fire in their order: so do the pieces.
      const later = (work: () => void) => void setTimeout(work, roundTripMilliseconds / 2);
      from.on("data", (piece) => later(() => void (to.destroyed || to.write(piece))));
      from.on("end", () => later(() => to.end()));
      from.on("error", () => to.destroy());
      from.on("close", () => sockets.delete(from));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: own } = server.address() as AddressInfo;
  return {
    endpoint: `${protocol}//127.0.0.1:${own}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

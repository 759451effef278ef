import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { answerDnsMessage } from "./dns-server/message.ts";
import type { ResolverOptions } from "./dns-server/resolution.ts";

export interface DnsServer {
  readonly address: string;
  /** The same for UDP and TCP. */
  readonly port: number;
  close(): Promise<void>;
}

const address = "127.0.0.1";
const portAttempts = 50;
const idleConnectionMilliseconds = 10_000;

/**
 * What a VPC's resolver is to a function: it answers for every zone of the local cloud, follows CNAMEs from one zone into
 * another, and asks the authorities on every query: only clients cache. It never asks anybody outside.
 */
export const startDnsServer = async (options: ResolverOptions): Promise<DnsServer> => {
  const { udp, tcp, port } = await bindBoth();
  const connections = new Set<Socket>();

  udp.on("message", (message, client) => {
    const response = answerDnsMessage(message, options, "udp");
    if (response) udp.send(response, client.port, client.address, () => {});
  });
  // A client that has gone away is reported here; the next one is served all the same.
  udp.on("error", () => {});
  tcp.on("error", () => {});
  tcp.on("connection", (connection) => {
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
    serveConnection(connection, options);
  });

  const close = async () => {
    if (!tcp.listening) return;
    const closed = Promise.all([once(udp, "close"), once(tcp, "close")]);
    udp.close();
    tcp.close();
    for (const connection of connections) connection.destroy();
    await closed;
  };
  return { address, port, close };
};

/** One free port number for both protocols. */
const bindBoth = async (): Promise<{ udp: UdpSocket; tcp: Server; port: number }> => {
  for (let attempt = 1; attempt <= portAttempts; attempt++) {
    const udp = createSocket("udp4");
    udp.bind(0, address);
    await once(udp, "listening");
    const { port } = udp.address();
    const tcp = createServer();
    try {
      tcp.listen(port, address);
      await once(tcp, "listening");
      return { udp, tcp, port };
    } catch {
      udp.close();
    }
  }
  throw new Error(
    `No port of ${address} is free for UDP and TCP at once (${portAttempts} tried): close programs that hold many ports, then try again.`,
  );
};

/** DNS over TCP: each message follows its length in two bytes; a client may send several. */
const serveConnection = (connection: Socket, options: ResolverOptions): void => {
  let received = Buffer.alloc(0);
  connection.setTimeout(idleConnectionMilliseconds, () => connection.destroy());
  connection.on("error", () => {});
  connection.on("data", (data) => {
    received = Buffer.concat([received, data]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const response = answerDnsMessage(received.subarray(2, end), options, "tcp");
      received = received.subarray(end);
      if (!response) return void connection.destroy();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(response.length);
      connection.write(Buffer.concat([length, response]));
    }
  });
};

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { chooseLoopbackAddress, databasePort } from "@standby/local-cloud/testing";

const sslCapability = 0x0800;

/** The server's first packet, without the offer of TLS. */
function withoutTls(greeting: Buffer): Buffer {
  const changed = Buffer.from(greeting);
  // Header and protocol version (5 bytes), the version's text and its 0, thread id, 8 bytes of the challenge, a filler.
  const capabilities = changed.indexOf(0, 5) + 1 + 4 + 8 + 1;
  changed.writeUInt16LE(changed.readUInt16LE(capabilities) & ~sslCapability, capabilities);
  return changed;
}

/** Somebody on the way to a database who hides that it speaks TLS, and reads along. */
export class TlsStripper {
  readonly address: string;
  /** What clients sent. */
  heard = Buffer.alloc(0);
  readonly #server: Server;

  private constructor(address: string, server: Server) {
    this.address = address;
    this.#server = server;
  }

  static async start(databaseAddress: string): Promise<TlsStripper> {
    const address = await chooseLoopbackAddress();
    const server = createServer();
    const stripper = new TlsStripper(address, server);
    server.on("connection", (client) => stripper.#pass(client, databaseAddress));
    server.listen(databasePort, address);
    await once(server, "listening");
    return stripper;
  }

  #pass(client: Socket, databaseAddress: string): void {
    const database = connect(databasePort, databaseAddress);
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const)
      one.on("error", () => {}).once("close", () => other.destroy());
    client.on("data", (data: Buffer) => {
      this.heard = Buffer.concat([this.heard, data]);
    });
    client.pipe(database);
    database.once("data", (greeting: Buffer) => {
      client.write(withoutTls(greeting));
      database.pipe(client);
    });
  }

  async stop(): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }
}

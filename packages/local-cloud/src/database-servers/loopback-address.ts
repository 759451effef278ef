import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** An endpoint name has one port for all servers, so each server has an address. */
export const databasePort = 3306;
const attempts = 20;

const randomAddress = () => `127.${randomInt(64, 128)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;

const isFree = async (address: string): Promise<boolean> => {
  const server = createServer();
  try {
    server.listen({ host: address, port: databasePort, exclusive: true });
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    if (server.listening) {
      server.close();
      await once(server, "close");
    }
  }
};

/** Random among four million: two local clouds side by side do not meet, and when they do the next one is tried. */
export const chooseLoopbackAddress = async (): Promise<string> => {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const address = randomAddress();
    if (await isFree(address)) return address;
  }
  throw new Error(
    `Port ${databasePort} is taken on every loopback address that was tried (${attempts}): a MySQL or MariaDB server that listens on all addresses stands in the way. Stop it, or bind it to 127.0.0.1.`,
  );
};

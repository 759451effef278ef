import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createDatabasePool } from "@standby/secret-access";
import { functionEnvironment } from "@standby/topology";
import { Database } from "./database.ts";
import { createService, maximumBodyBytes, type Reply, type Request } from "./http.ts";
import { ordersMigrations, ordersRoutes } from "./orders.ts";

/** The function's code as a server of this machine: `PORT`, default 8080, and the environment that the function has. */
const region = process.env[functionEnvironment.regionName] ?? "";
const database = new Database(createDatabasePool(), { migrations: ordersMigrations });
const routes = ordersRoutes(database, region);
const answer = createService({ name: "orders-api", region, routes: () => routes });

const endSeconds = 10;

const server = createServer(
  { requestTimeout: 10_000, headersTimeout: 5_000 },
  (message, response) => {
    respond(message, response).catch(() => response.destroy());
  },
);
server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1");
await once(server, "listening");
process.stderr.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void end());

/** What has begun is answered, then the database's connections are closed. */
async function end(): Promise<void> {
  setTimeout(() => process.exit(1), endSeconds * 1_000).unref();
  server.close();
  server.closeIdleConnections();
  await once(server, "close");
  await database.close();
}

async function respond(message: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = await answer(await readRequest(message));
  write(response, reply);
}

function write(response: ServerResponse, { status, headers, body }: Reply): void {
  // The rest of a body that was too large is not read: the connection cannot be used again.
  const ends = status === 413 || !server.listening ? { connection: "close" } : {};
  response.writeHead(status, { "content-type": "application/json", ...headers, ...ends });
  response.end(JSON.stringify(body));
}

async function readRequest(message: IncomingMessage): Promise<Request> {
  const url = new URL(message.url ?? "/", "http://localhost");
  return {
    id: randomUUID(),
    method: message.method ?? "GET",
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: await readBody(message),
  };
}

/** Ends one byte beyond the limit: the service refuses what is too large. */
async function readBody(message: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maximumBodyBytes) break;
  }
  return Buffer.concat(chunks);
}

import { Socket } from "node:net";
import { createPool, type Pool } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DriverCommand, DriverConfig, DriverPool } from "../src/mysql2-internals.ts";
import { eastHost, TwoRegions } from "./support/two-regions.ts";

/** What the package relies on in mysql2 beyond its documentation, without anything of the package in between. */
let regions: TwoRegions;
let pool: Pool | undefined;
beforeAll(async () => {
  regions = await TwoRegions.start();
});
afterAll(() => regions.stop());
beforeEach(() => regions.reset());
afterEach(() => pool?.end());

function open(fill: (config: DriverConfig, socket: Socket) => void | Promise<void>, limit = 1) {
  const made = createPool({
    connectionLimit: limit,
    connectTimeout: 1_000,
    ssl: { ca: [regions.authority], verifyIdentity: true },
    stream: ({ config }: { config: DriverConfig }) => {
      const socket = new Socket();
      Promise.resolve(fill(config, socket)).catch((error: Error) => socket.destroy(error));
      return socket;
    },
  });
  pool = made;
  return { made, core: made.pool as unknown as DriverPool };
}

async function login(config: DriverConfig, socket: Socket): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  Object.assign(config, { host: eastHost, user: "app", password: "first-password" });
  config.database = "orders";
  socket.connect(3306, regions.east.address);
}

describe("mysql2", () => {
  it("reads host, user, password and database of the connection's own options after the factory returned", async () => {
    const seen: DriverConfig[] = [];
    const { made } = open(async (config, socket) => {
      seen.push(config);
      await login(config, socket);
    }, 2);
    const two = await Promise.all([made.getConnection(), made.getConnection()]);
    const [rows] = (await two[0]?.query("SELECT CURRENT_USER() AS user, DATABASE() AS name")) ?? [];
    for (const connection of two) connection.release();
    expect(new Set(seen).size).toBe(2);
    expect(rows).toEqual([{ user: "app@%", name: "orders" }]);
  });

  it("calls the factory before getConnection returns, with the connection last in the list of all", () => {
    let called: DriverConfig | undefined;
    const { core } = open((config, socket) => {
      called = config;
      return login(config, socket);
    });
    core.getConnection(() => {});
    expect(called).toBeDefined();
    expect(core._allConnections.get(core._allConnections.length - 1)?.config).toBe(called);
  });

  it("verifies the certificate against the host that was filled in", async () => {
    const { made } = open(async (config, socket) => {
      await login(config, socket);
      config.host = "another.d4e5f6.us-west-2.rds.amazonaws.com";
    });
    await expect(made.query("SELECT 1")).rejects.toMatchObject({ code: "HANDSHAKE_SSL_ERROR" });
  });

  it("fails the login with the very error that the socket is destroyed with, in the promise API too", async () => {
    const error = new Error("no credentials");
    const { made, core } = open(() => Promise.reject(error));
    expect(await new Promise((resolve) => core.getConnection(resolve))).toBe(error);
    expect(await made.getConnection().catch((thrown: unknown) => thrown)).toBe(error);
    expect(await made.query("SELECT 1").catch((thrown: unknown) => thrown)).toBe(error);
  });

  it("counts the time in the factory as time to connect", async () => {
    const { made } = open(() => new Promise(() => {}));
    await expect(made.query("SELECT 1")).rejects.toMatchObject({ code: "ETIMEDOUT" });
  });

  it("passes every statement through addCommand, which ends it with one end and reports its error", async () => {
    const { made, core } = open(login);
    const seen: string[] = [];
    core.on("connection", (connection) => {
      const add = connection.addCommand.bind(connection);
      connection.addCommand = (command: DriverCommand) => {
        const name = command.constructor.name;
        const { onResult } = command;
        if (onResult)
          command.onResult = (error, ...rest) => {
            if (error) seen.push(`${name} failed`);
            onResult.call(command, error, ...rest);
          };
        command.once("end", () => seen.push(`${name} ended`));
        return add(command);
      };
    });
    await made.query("SELECT 1");
    await made.execute("SELECT 1");
    await made.query("SELECT * FROM absent").catch(() => {});
    const connection = await made.getConnection();
    await connection.ping();
    await connection.beginTransaction();
    await connection.rollback();
    connection.release();
    expect(seen).toEqual([
      "Query ended",
      "Prepare ended",
      "Execute ended",
      "Query failed",
      "Query ended",
      "Ping ended",
      "Query ended",
      "Query ended",
    ]);
  });

  it("takes connections by getConnection, gives them back by releaseConnection, and queues who waits", async () => {
    const { made, core } = open(login);
    const held = await made.getConnection();
    let given = 0;
    const giveBack = core.releaseConnection.bind(core);
    core.releaseConnection = (connection) => {
      given++;
      giveBack(connection);
    };
    const waiting = () => {};
    core.getConnection(waiting);
    expect(core._connectionQueue.length).toBe(1);
    core._connectionQueue.removeOne(0);
    expect(core._connectionQueue.length).toBe(0);
    held.release();
    expect(given).toBe(1);
  });

  it("fails a running statement and drops the connection when its stream is destroyed with an error", async () => {
    const { made, core } = open(login);
    const held = await made.getConnection();
    const [connection] = [core._allConnections.get(0)];
    connection?.on("error", () => {});
    const running = held.query("SELECT SLEEP(5)");
    setTimeout(() => connection?.stream.destroy(new Error("cut")), 50);
    await expect(running).rejects.toThrow("cut");
    expect(core._allConnections.length).toBe(0);
  });
});

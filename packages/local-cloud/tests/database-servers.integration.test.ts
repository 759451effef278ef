import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { connect as tcpConnect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import mysql from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CertificateAuthority, createCertificateAuthority } from "../src/certificates.ts";
import type { DatabaseParameters, DatabaseServer, DatabaseServers } from "../src/data-planes.ts";
import { InvalidParameterError, startDatabaseServers } from "../src/database-servers.ts";
import { databasesUnderTest } from "../src/databases-under-test.ts";
import { functionAddress } from "../src/function-address.ts";

const east = "us-east-1";
const west = "us-west-2";
const masterUsername = "admin";
const masterPassword = "correct horse ' battery \" staple";
const endpointOf = (region: string, name = "orders-1") =>
  `${name}.abc123.${region}.rds.amazonaws.com`;

/** A power of two. */
const manyRows = 131_072;
/** The privileges whose owner writes on a read-only server. */
const pastReadOnly = {
  mysql: ["SUPER", "CONNECTION_ADMIN", "SYSTEM_VARIABLES_ADMIN"],
  mariadb: ["SUPER", "READ_ONLY ADMIN"],
} as const;

const eventually = async <Value>(look: () => Promise<Value | undefined | false>, seconds = 20) => {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await look().catch(() => undefined);
    if (value) return value;
    if (Date.now() > end) throw new Error(`It did not come about within ${seconds} s.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const commandLines = async (): Promise<readonly { pid: number; text: string }[]> => {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = pids.map(async (pid) => ({
    pid: Number(pid),
    text: await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
  }));
  return await Promise.all(lines);
};

const serverPids = async (folder: string) =>
  (await commandLines())
    .filter(({ text }) => /mariadbd|mysqld/.test(text) && text.includes(folder))
    .map(({ pid }) => pid);

const databases = await databasesUnderTest();

describe.each(databases)("database servers of $program.version", (database) => {
  const { kind } = database.dialect;
  let cacheFolder: string;
  let folder: string;
  let certificates: CertificateAuthority;
  let servers: DatabaseServers;
  const connections: mysql.Connection[] = [];

  beforeAll(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), "standby-cache-"));
  });
  afterAll(() => rm(cacheFolder, { recursive: true, force: true }));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "standby-databases-"));
    certificates = await createCertificateAuthority({ folder: join(folder, "certificates") });
    servers = await startDatabaseServers({
      folder: join(folder, "databases"),
      certificates,
      database,
      cacheFolder,
    });
  });
  afterEach(async () => {
    for (const connection of connections.splice(0)) connection.destroy();
    await servers.close();
    expect(await serverPids(folder)).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  });

  const createSource = (parameters: DatabaseParameters = {}, name?: string) =>
    servers.create({
      region: east,
      endpoint: endpointOf(east, name),
      parameters,
      masterUsername,
      masterPassword,
      databaseName: "orders",
    });

  const createReplica = (source: DatabaseServer, parameters: DatabaseParameters = {}) =>
    servers.createReplica({ region: west, endpoint: endpointOf(west), parameters, source });

  /** As an application in production: the name is the endpoint's and is verified, the address comes from elsewhere. */
  const connect = async (server: DatabaseServer, further: mysql.ConnectionOptions = {}) => {
    const connection = await mysql.createConnection({
      host: server.endpoint,
      port: server.port,
      user: masterUsername,
      password: masterPassword,
      database: "orders",
      connectTimeout: 2000,
      ssl: { ca: await readFile(certificates.caFile, "utf8"), verifyIdentity: true },
      stream: () =>
        tcpConnect({ port: server.port, host: server.address, localAddress: functionAddress }),
      ...further,
    });
    connection.on("error", () => {});
    connections.push(connection);
    return connection;
  };

  const rowsOf = async (connection: mysql.Connection) => {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(
      "SELECT id FROM items ORDER BY id",
    );
    return rows.map((row) => row["id"]);
  };

  const createItems = async (connection: mysql.Connection, ...ids: number[]) => {
    await connection.query("CREATE TABLE items (id INT PRIMARY KEY)");
    for (const id of ids) await connection.query("INSERT INTO items VALUES (?)", [id]);
  };

  const sourceWithItems = async (...ids: number[]) => {
    const source = await createSource();
    const connection = await connect(source);
    await createItems(connection, ...ids);
    return { source, connection };
  };

  describe("connections", () => {
    it("verify the server by the endpoint's name", async () => {
      const connection = await connect(await createSource());
      const [rows] = await connection.query<mysql.RowDataPacket[]>(
        "SHOW STATUS LIKE 'Ssl_version'",
      );
      expect(rows[0]?.["Value"]).toBe("TLSv1.3");
    });

    it("refuse a server of another name and an authority that the client does not trust", async () => {
      const source = await createSource();
      await expect(connect(source, { host: endpointOf(west) })).rejects.toThrow(/altnames/);
      const other = await createCertificateAuthority({ folder: join(folder, "other") });
      const ca = await readFile(other.caFile, "utf8");
      await expect(connect(source, { ssl: { ca, verifyIdentity: true } })).rejects.toMatchObject({
        code: "HANDSHAKE_SSL_ERROR",
      });
    });

    it("without TLS are refused when the parameter group says so, and only then", async () => {
      const source = await createSource({ require_secure_transport: "1", max_connections: "77" });
      const plain = { ssl: undefined } as unknown as mysql.ConnectionOptions;
      // MySQL has an errno of its own for this, MariaDB says that access is denied.
      const errno = { mysql: 3159, mariadb: 1045 }[kind];
      await expect(connect(source, plain)).rejects.toMatchObject({ errno });
      await connect(source);
      await source.applyParameters({ require_secure_transport: "0" });
      await connect(source, plain);
    });

    it("are open to nobody without a password", async () => {
      const source = await createSource();
      for (const user of ["", "root", `${kind}.sys`, "rdsrepladmin", masterUsername]) {
        const nobody = connect(source, { user, password: "" });
        await expect(nobody, `as "${user}"`).rejects.toMatchObject({ errno: 1045 });
      }
    });
  });

  describe("the master user", () => {
    it("can do what an application and a rotation need", async () => {
      const connection = await connect(await createSource());
      await createItems(connection, 1);
      await connection.query("CREATE USER app@'%' IDENTIFIED BY 'first'");
      await connection.query("GRANT SELECT, INSERT ON orders.* TO app@'%'");
      await connection.query("ALTER USER app@'%' IDENTIFIED BY 'second'");
      await connection.query("SHOW REPLICA STATUS");
      expect(await rowsOf(connection)).toEqual([1]);
    });

    it("cannot get past read_only", async () => {
      const connection = await connect(await createSource());
      await expect(connection.query("SET GLOBAL read_only = 0")).rejects.toMatchObject({
        errno: 1227,
      });
    });

    it.each(pastReadOnly[kind])("cannot give itself %s", async (privilege) => {
      const connection = await connect(await createSource());
      const grant = connection.query(`GRANT ${privilege} ON *.* TO ?@'%'`, [masterUsername]);
      await expect(grant).rejects.toMatchObject({ sqlState: expect.stringMatching(/28000|42000/) });
    });

    it("that does not exist gets no password, and the error does not repeat it", async () => {
      const source = await createSource();
      const change = source.setMasterPassword("nobody", masterPassword);
      const error: unknown = await change.catch((reason: unknown) => reason);
      expect(error).toMatchObject({ errno: 1396 });
      expect(inspect(error)).not.toContain("battery");
    });

    it("gets a new password while its connections live on", async () => {
      const source = await createSource();
      const old = await connect(source);
      await source.setMasterPassword(masterUsername, "new");
      await expect(connect(source)).rejects.toMatchObject({ errno: 1045 });
      await connect(source, { password: "new" });
      await old.query("SELECT 1");
    });
  });

  describe("a fence", () => {
    it("refuses the master user's writes, those of open transactions included, until it is lifted", async () => {
      const { source, connection } = await sourceWithItems(1);
      const open = await connect(source);
      await open.query("START TRANSACTION");
      await open.query("INSERT INTO items VALUES (2)");
      await source.applyParameters({ read_only: "1" });
      await expect(connection.query("INSERT INTO items VALUES (3)")).rejects.toMatchObject({
        errno: 1290,
      });
      await expect(open.query("COMMIT")).rejects.toMatchObject({ errno: 1290 });
      await source.applyParameters({ read_only: "{TrueIfReplica}" });
      await connection.query("INSERT INTO items VALUES (4)");
      expect(await rowsOf(connection)).toEqual([1, 4]);
    });

    it("outlives a loss", async () => {
      const { source } = await sourceWithItems(1);
      await source.applyParameters({ read_only: "1" });
      await servers.followOutage(east, "refuse");
      await servers.followOutage(east, undefined);
      const connection = await connect(source);
      await expect(connection.query("INSERT INTO items VALUES (2)")).rejects.toMatchObject({
        errno: 1290,
      });
    });

    it("is refused with a value that RDS does not know, which the message does not repeat", async () => {
      const source = await createSource();
      const refused = source.applyParameters({ read_only: "perhaps" });
      await expect(refused).rejects.toBeInstanceOf(InvalidParameterError);
      await expect(refused).rejects.not.toThrow(/perhaps/);
    });
  });

  describe("a replica", () => {
    it("has what its source had when it was asked for, users included, and follows", async () => {
      const { source, connection } = await sourceWithItems();
      await connection.query("INSERT INTO items VALUES (1)");
      for (let rows = 1; rows < manyRows; rows *= 2)
        await connection.query("INSERT INTO items SELECT id + ? FROM items", [rows]);
      const replica = await createReplica(source);
      const reader = await connect(replica);
      const count = async () => {
        const [rows] = await reader.query<mysql.RowDataPacket[]>("SELECT COUNT(*) AS n FROM items");
        return rows[0]?.["n"];
      };
      expect(await count()).toBe(manyRows);
      await connection.query("INSERT INTO items VALUES (0)");
      await eventually(async () => (await count()) === manyRows + 1);
      // MySQL looks at its appliers a few times a second.
      const caughtUp = await eventually(async () => {
        const state = await replica.replication();
        return state.lagSeconds === 0 && state;
      });
      expect(caughtUp).toEqual({ configured: true, running: true, lagSeconds: 0 });
      expect(await source.replication()).toEqual({
        configured: false,
        running: false,
        lagSeconds: null,
      });
    });

    it("refuses the master user's writes, and takes them when read_only is 0", async () => {
      const { source } = await sourceWithItems(1);
      const replica = await createReplica(source);
      const writer = await connect(replica);
      await expect(writer.query("INSERT INTO items VALUES (2)")).rejects.toMatchObject({
        errno: 1290,
      });
      await replica.applyParameters({ read_only: "0" });
      await writer.query("INSERT INTO items VALUES (2)");
    });

    it("has its source's password and no other", async () => {
      const { source } = await sourceWithItems();
      const replica = await createReplica(source);
      await expect(replica.setMasterPassword(masterUsername, "new")).rejects.toThrow(
        /change it there/,
      );
      await source.setMasterPassword(masterUsername, "new");
      await eventually(() => connect(replica, { password: "new" }));
    });

    it("is not made from a source that is lost", async () => {
      const { source } = await sourceWithItems();
      await servers.followOutage(east, "refuse");
      await expect(createReplica(source)).rejects.toThrow(/went with its Region/);
      await servers.followOutage(east, undefined);
      await createReplica(source);
    });
  });

  describe("a promotion", () => {
    it("opens the replica with the same data at the same address, and the old source lives on by itself", async () => {
      const { source, connection } = await sourceWithItems(1);
      const replica = await createReplica(source);
      const { address } = replica;
      const before = await connect(replica);
      await replica.promote();
      await expect(before.query("SELECT 1"), "it restarts").rejects.toThrow();
      expect(replica.address).toBe(address);
      const writer = await connect(replica);
      await writer.query("INSERT INTO items VALUES (2)");
      await connection.query("INSERT INTO items VALUES (3)");
      expect(await rowsOf(writer)).toEqual([1, 2]);
      expect(await rowsOf(connection)).toEqual([1, 3]);
      expect(await replica.replication()).toMatchObject({ configured: false });
    });

    it("changes nothing the second time", async () => {
      const { source } = await sourceWithItems(1);
      const replica = await createReplica(source);
      await replica.promote();
      const connection = await connect(replica);
      await replica.promote();
      await connection.query("INSERT INTO items VALUES (2)");
    });

    it("leaves a fenced replica fenced", async () => {
      const { source } = await sourceWithItems(1);
      const replica = await createReplica(source, { read_only: "1" });
      await replica.promote();
      const connection = await connect(replica);
      await expect(connection.query("INSERT INTO items VALUES (2)")).rejects.toMatchObject({
        errno: 1290,
      });
    });

    it("that a loss interrupts can be repeated", async () => {
      const { source } = await sourceWithItems(1);
      const replica = await createReplica(source);
      const interrupted = replica.promote();
      const outcome = expect(interrupted).rejects.toThrow(/went with its Region/);
      await servers.followOutage(west, "refuse");
      await outcome;
      await servers.followOutage(west, undefined);
      await replica.promote();
      const connection = await connect(replica);
      await connection.query("INSERT INTO items VALUES (2)");
      expect(await rowsOf(connection)).toEqual([1, 2]);
    });

    it("makes a source for the next replica, with all that came before", async () => {
      const { source } = await sourceWithItems(1);
      const replica = await createReplica(source);
      await replica.promote();
      await (await connect(replica)).query("INSERT INTO items VALUES (2)");
      const next = await servers.createReplica({
        region: east,
        endpoint: endpointOf(east, "orders-2"),
        parameters: {},
        source: replica,
      });
      expect(await rowsOf(await connect(next))).toEqual([1, 2]);
    });
  });

  describe.each(["hang", "refuse", "5xx"] as const)("a loss by %s", (mode) => {
    it("takes the source from everyone while its replica serves on, catches up and can be promoted", async () => {
      const { source } = await sourceWithItems(1);
      const replica = await createReplica(source);
      const reader = await connect(replica);
      await servers.followOutage(east, mode);
      const code = mode === "hang" ? "ETIMEDOUT" : "ECONNREFUSED";
      await expect(connect(source, { connectTimeout: 300 })).rejects.toMatchObject({ code });
      await expect(source.applyParameters({})).rejects.toThrow(/went with its Region/);
      expect(await source.replication()).toMatchObject({ running: false, lagSeconds: null });
      expect(await rowsOf(reader)).toEqual([1]);
      const broken = await eventually(async () => {
        const state = await replica.replication();
        return !state.running && state;
      });
      expect(broken).toMatchObject({ configured: true, lagSeconds: null });

      await servers.followOutage(east, undefined);
      const connection = await connect(source);
      await connection.query("INSERT INTO items VALUES (2)");
      await eventually(async () => (await rowsOf(reader)).length === 2);

      await servers.followOutage(east, mode);
      await replica.promote();
      const writer = await connect(replica);
      await writer.query("INSERT INTO items VALUES (3)");
      await servers.followOutage(east, undefined);
      expect(await rowsOf(await connect(source))).toEqual([1, 2]);
    });

    it("lets no database be made there, and stops one that is being made", async () => {
      const making = createSource();
      const outcome = expect(making).rejects.toThrow(/lost|went with its Region/);
      await servers.followOutage(east, mode);
      await outcome;
      await expect(createSource()).rejects.toThrow(/lost/);
      await servers.followOutage(east, undefined);
      await connect(await createSource());
    });
  });

  it("stand side by side in two local clouds", async () => {
    const otherFolder = await mkdtemp(join(tmpdir(), "standby-databases-"));
    const others = await startDatabaseServers({
      folder: otherFolder,
      certificates,
      database,
      cacheFolder,
    });
    try {
      const mine = await createSource();
      const theirs = await others.create({
        region: east,
        endpoint: endpointOf(east),
        parameters: {},
        masterUsername,
        masterPassword: "another",
        databaseName: "orders",
      });
      expect(theirs.address).not.toBe(mine.address);
      await connect(theirs, { password: "another" });
      await others.close();
      await connect(mine);
    } finally {
      await others.close();
    }
    expect(existsSync(otherFolder)).toBe(false);
  });

  it("share one prepared data folder when they start at the same time for the first time", async () => {
    const cache = join(folder, "cache");
    const start = (name: string) =>
      startDatabaseServers({
        folder: join(folder, name),
        certificates,
        database,
        cacheFolder: cache,
      });
    const both = await Promise.all([start("one"), start("two")]);
    await Promise.all(both.map((each) => each.close()));
    expect(await readdir(cache)).toHaveLength(1);
  });

  it("keep passwords out of every command line and their data from other users", async () => {
    const { source } = await sourceWithItems();
    await createReplica(source);
    const lines = await commandLines();
    expect(lines.some(({ text }) => text.includes(source.address))).toBe(true);
    expect(lines.filter(({ text }) => text.includes("battery"))).toEqual([]);
    expect((await stat(join(folder, "databases"))).mode & 0o077).toBe(0);
  });

  it("are removed with their data, also from a lost Region", async () => {
    const { source } = await sourceWithItems();
    const replica = await createReplica(source);
    await servers.followOutage(east, "hang");
    await source.remove();
    await replica.remove();
    expect(await serverPids(folder)).toEqual([]);
    expect(await readdir(join(folder, "databases"))).toEqual([]);
  });

  it("are gone when closed, frozen ones and half-made ones too", async () => {
    const { source } = await sourceWithItems();
    await createReplica(source);
    await servers.followOutage(east, "hang");
    const making = servers.create({
      region: west,
      endpoint: endpointOf(west, "orders-3"),
      parameters: {},
      masterUsername,
      masterPassword,
    });
    const outcome = making.then(
      () => "made",
      () => "refused",
    );
    await servers.close();
    expect(["made", "refused"]).toContain(await outcome);
    expect(await serverPids(folder)).toEqual([]);
    expect(existsSync(join(folder, "databases"))).toBe(false);
  });

  it("and functions die with the process that started them, when that is killed, frozen ones too", async () => {
    const owner = spawn(
      process.execPath,
      [
        fileURLToPath(new URL("./database-owner.fixture.ts", import.meta.url)),
        folder,
        cacheFolder,
        kind,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [line] = (await once(owner.stdout, "data")) as [Buffer];
    const { functionPid } = JSON.parse(line.toString()) as { functionPid: number };
    const pids = [...(await serverPids(folder)), functionPid];
    expect(pids).toHaveLength(3);
    for (const pid of pids) expect(existsSync(`/proc/${pid}`)).toBe(true);
    owner.kill("SIGKILL");
    await eventually(async () => pids.every((pid) => !existsSync(`/proc/${pid}`)));
  });

  it("stop their start when the signal says so", async () => {
    const signal = AbortSignal.abort(new Error("interrupted"));
    const start = startDatabaseServers({
      folder: join(folder, "never"),
      certificates,
      database,
      cacheFolder: join(folder, "empty-cache"),
      signal,
    });
    await expect(start).rejects.toThrow("interrupted");
    expect(existsSync(join(folder, "never"))).toBe(false);
  });
});

import { createConnection, type RowDataPacket } from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failureOf, PoolsUnderTest, server } from "./support/pools-under-test.ts";
import { TlsStripper } from "./support/tls-stripper.ts";
import { eastHost } from "./support/two-regions.ts";

const test = new PoolsUnderTest();

const plugins = { mysql: "caching_sha2_password", mariadb: "mysql_native_password" };

describe("the password", () => {
  it("is proved over TLS by what the server asks for, with nothing cached by the server", async () => {
    const { east, database } = test.regions;
    const [user] = await east.admin("SELECT plugin FROM mysql.user WHERE user = 'app'");
    expect(user?.["plugin"]).toBe(plugins[database.dialect.kind]);
    // It forgets whom it has met.
    await east.admin("FLUSH PRIVILEGES");
    expect(await server(test.open())).toBe("east");
  });
});

describe("a server that offers no TLS", () => {
  let stripper: TlsStripper;
  beforeEach(async () => {
    stripper = await TlsStripper.start(test.regions.east.address);
    await test.regions.east.createUser("app", "first-password", "REQUIRE NONE");
    await test.regions.east.admin("FLUSH PRIVILEGES");
  });
  afterEach(() => stripper.stop());

  it("gives bare mysql2 its key, and gets the user's password", async () => {
    const connection = await createConnection({
      host: stripper.address,
      user: "app",
      password: "first-password",
    });
    const [rows] = await connection.query<RowDataPacket[]>("SHOW STATUS LIKE 'Ssl_cipher'");
    expect(rows[0]?.["Value"]).toBe("");
    connection.destroy();
    expect(stripper.heard.includes("app")).toBe(true);
  });

  it("is refused before it learns as much as the user's name", async () => {
    test.regions.resolver.addresses.set(eastHost, [stripper.address]);
    expect(await failureOf(test.open().query("SELECT 1"))).toMatchObject({
      code: "database-identity",
    });
    expect(stripper.heard).toHaveLength(0);
  });
});

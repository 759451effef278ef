import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { createCertificateAuthority } from "../src/certificates.ts";
import { startDatabaseServers } from "../src/database-servers.ts";
import { databasesUnderTest } from "../src/databases-under-test.ts";
import { createFunctionRuntime } from "../src/functions.ts";

/** Owns a running database, a frozen one and a function's frozen environment, says so, and waits for its end. */
const [folder = "", cacheFolder = "", kind = ""] = process.argv.slice(2);
const database = (await databasesUnderTest()).find((each) => each.dialect.kind === kind);
if (!database) throw new Error(`There is no ${kind} server to test.`);
const certificates = await createCertificateAuthority({ folder: join(folder, "certificates") });
const servers = await startDatabaseServers({
  folder: join(folder, "databases"),
  certificates,
  database,
  cacheFolder,
});
const master = { masterUsername: "admin", masterPassword: "irrelevant" };
for (const region of ["us-east-1", "us-west-2"]) {
  const endpoint = `orders-1.abc.${region}.rds.amazonaws.com`;
  await servers.create({ region, endpoint, parameters: {}, ...master });
}
await servers.followOutage("us-east-1", "hang");
const runtime = createFunctionRuntime({
  folder: join(folder, "functions"),
  dnsServer: { address: "127.0.0.1", port: 9 },
  caFile: certificates.caFile,
});
await runtime.deploy({
  region: "us-west-2",
  name: "orders",
  archive: zipSync({ "index.mjs": strToU8("export const handler = async () => process.pid;") }),
  handler: "index.handler",
  environment: {},
  timeoutSeconds: 5,
});
const { payload } = await runtime.invoke(
  "us-west-2",
  "orders",
  Buffer.from("{}"),
  AbortSignal.timeout(10_000),
);
process.stdout.write(
  `${JSON.stringify({ functionPid: JSON.parse(Buffer.from(payload).toString()) })}\n`,
);
setInterval(() => {}, 60_000);

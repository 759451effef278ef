import { promises as dns } from "node:dns";
import { createDatabasePool, databaseAuthorities } from "@standby/secret-access";

/** A DNS server of one's own, whose answers are not kept beyond the record's time to live. */
const resolver = new dns.Resolver({ timeout: 500, tries: 2 });
resolver.setServers(["10.0.0.2"]);

/** What a process outside of the deployment gives by hand; `privateAuthority` is a PEM certificate. */
export const poolOf = (privateAuthority: string) =>
  createDatabasePool({
    secretId: "orders-prod/database",
    region: "us-west-2",
    allowedHosts: ["orders-prod-*.c1abcdefghij.us-west-2.rds.amazonaws.com"],
    resolver,
    ca: [...databaseAuthorities(), privateAuthority],
    connectionLimit: 4,
    deadlines: { connectMillis: 2_000, acquireMillis: 3_000, queryMillis: 1_000 },
  });

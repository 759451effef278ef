/** For the tests of other packages: single servers of the kinds that the local cloud has, and calls that somebody else makes. */
export { cacheFolder } from "./cache-folder.ts";
export { ByHandError, type CallsByHand, callsByHand } from "./calls-by-hand.ts";
export { type CertificateAuthority, createCertificateAuthority } from "./certificates.ts";
export { MetricStore } from "./cloudwatch/metric-store.ts";
export type { FoundDatabase } from "./database-choice.ts";
export { copyTemplate, dataTemplate } from "./database-servers/data-template.ts";
export { chooseLoopbackAddress, databasePort } from "./database-servers/loopback-address.ts";
export { ServerProcess } from "./database-servers/server-process.ts";
export { withSession } from "./database-servers/session.ts";
export { databasesUnderTest } from "./databases-under-test.ts";
export { type DnsServer, startDnsServer } from "./dns-server.ts";
export { RolePolicies } from "./iam/role-policies.ts";
export { pythonEnvironment } from "./python-environment.ts";

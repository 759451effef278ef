import { webcrypto } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
// @peculiar/x509 wants this loaded before itself.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

interface ServerCertificate {
  /** The server's certificate, PEM. */
  readonly certificateFile: string;
  /** Its private key, PEM (PKCS #8), readable by this user only. */
  readonly keyFile: string;
}

export interface CertificateAuthority {
  /** What clients trust, PEM: RDS's bundle has this part on AWS. */
  readonly caFile: string;
  /** A certificate that names this DNS name and nothing else, as RDS's name the endpoint only. */
  issue(dnsName: string): Promise<ServerCertificate>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const hour = 3_600_000;

const newKeys = () => webcrypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);

const newServerKeys = () => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

/** From an hour ago, for clocks that differ a little, to a year from now. */
const validity = () => ({
  notBefore: new Date(Date.now() - hour),
  notAfter: new Date(Date.now() + 365 * 24 * hour),
});

/** TLS libraries want serial numbers to differ; 16 random bytes, the first one positive. */
const newSerialNumber = () => {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from(bytes).toString("hex");
};

/** One authority for one local cloud: its private key is never written and ends with the process. */
export const createCertificateAuthority = async (options: {
  readonly folder: string;
}): Promise<CertificateAuthority> => {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const keys = await newKeys();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Standby local cloud",
    serialNumber: newSerialNumber(),
    ...validity(),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const caFile = join(options.folder, "ca.pem");
  await writeFile(caFile, `${root.toString("pem")}\n`);

  const issue = async (dnsName: string): Promise<ServerCertificate> => {
    const serverKeys = await newServerKeys();
    const serialNumber = newSerialNumber();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber,
      issuer: root.subject,
      // No subject: a common name ends at 64 characters, and RDS endpoint names go beyond that.
      subject: [],
      ...validity(),
      publicKey: serverKeys.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: "dns", value: dnsName }], true),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        await x509.SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
      ],
    });
    const certificateFile = join(options.folder, `${serialNumber}.pem`);
    const keyFile = join(options.folder, `${serialNumber}-key.pem`);
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", serverKeys.privateKey);
    await writeFile(certificateFile, `${certificate.toString("pem")}\n`);
    await writeFile(keyFile, `${x509.PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`, {
      mode: 0o600,
    });
    return { certificateFile, keyFile };
  };

  return { caFile, issue };
};

import { webcrypto } from "node:crypto";
// @peculiar/x509 wants this loaded before itself.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 3_600_000;

export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** An authority of its own for one test run. */
export class TestAuthority {
  readonly certificate: string;
  readonly #keys: webcrypto.CryptoKeyPair;
  #serial = 1;

  private constructor(certificate: string, keys: webcrypto.CryptoKeyPair) {
    this.certificate = certificate;
    this.#keys = keys;
  }

  static async create(): Promise<TestAuthority> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: "01",
      name: "CN=Test authority",
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + day),
      signingAlgorithm: algorithm,
      keys,
      extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
    });
    return new TestAuthority(root.toString("pem"), keys);
  }

  async issue(host: string): Promise<KeyPair> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: (++this.#serial).toString(16).padStart(2, "0"),
      subject: "CN=database",
      issuer: "CN=Test authority",
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + day),
      signingKey: this.#keys.privateKey,
      publicKey: keys.publicKey,
      signingAlgorithm: algorithm,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: host }])],
    });
    const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return {
      certificate: certificate.toString("pem"),
      key: x509.PemConverter.encode(key, "PRIVATE KEY"),
    };
  }
}

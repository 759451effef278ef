import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CertificateAuthority, createCertificateAuthority } from "../src/certificates.ts";

const endpoint =
  "orders-prod-with-a-rather-long-identifier-1.c9akciq32abc.us-east-1.rds.amazonaws.com";

describe("certificate authority", () => {
  let folder: string;
  let authority: CertificateAuthority;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "standby-certificates-"));
    authority = await createCertificateAuthority({ folder: join(folder, "certificates") });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const handshake = async (servername: string, caFile: string) => {
    const { certificateFile, keyFile } = await authority.issue(endpoint);
    const server = createServer({
      cert: await readFile(certificateFile),
      key: await readFile(keyFile),
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = connect({
      port: (server.address() as AddressInfo).port,
      host: "127.0.0.1",
      servername,
      ca: await readFile(caFile),
    });
    try {
      await once(socket, "secureConnect");
    } finally {
      socket.destroy();
      server.close();
    }
  };

  it("issues certificates that clients of the authority accept for the DNS name", async () => {
    await handshake(endpoint, authority.caFile);
  });

  it("names no other server", async () => {
    await expect(handshake("db.orders.internal", authority.caFile)).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });

  it("is not trusted by clients of another authority", async () => {
    const other = await createCertificateAuthority({ folder: join(folder, "other") });
    await expect(handshake(endpoint, other.caFile)).rejects.toMatchObject({
      code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    });
  });

  it("keeps private keys from other users", async () => {
    const { keyFile } = await authority.issue(endpoint);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "certificates"))).mode & 0o777).toBe(0o700);
  });
});

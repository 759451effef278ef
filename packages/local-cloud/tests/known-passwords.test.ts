import { expect, it } from "vitest";
import { KnownPasswords } from "../src/known-passwords.ts";

it("learns passwords of databases and secrets, and knows each once", () => {
  const passwords = new KnownPasswords();
  passwords.learn({ DBInstanceIdentifier: "orders-prod-1", MasterUserPassword: "master-pass" });
  passwords.learn({ SecretId: "s", SecretString: '{"username":"orders","password":"app-pass"}' });
  passwords.learn({ SecretValues: [{ SecretString: '{"password":"app-pass"}' }] });
  passwords.learn({ RandomPassword: "made-up-pass" });
  passwords.learn({ SecretString: "not a document" });
  expect(passwords.all()).toEqual(["master-pass", "app-pass", "made-up-pass", "not a document"]);
});

it("leaves out what would be found everywhere, and what is no password", () => {
  const passwords = new KnownPasswords();
  passwords.learn({ SecretString: '{"password":"short","host":"db.orders.internal"}' });
  passwords.learn({ SecretString: undefined, MasterUserPassword: null, Name: "orders" });
  expect(passwords.all()).toEqual([]);
});

it("spends no time on the bytes of an archive", () => {
  const passwords = new KnownPasswords();
  const archive = new Uint8Array(200 * 1024 * 1024);
  passwords.learn({ ZipFile: archive, MasterUserPassword: "after-the-archive" });
  expect(passwords.all()).toEqual(["after-the-archive"]);
});

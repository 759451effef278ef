import type { RotationStrategy } from "@standby/topology";
import { bootstrap } from "../../src/bootstrap.ts";
import { rotate } from "../../src/rotate.ts";
import { steps } from "../../src/rotation-event.ts";
import type { RotationTools } from "../../src/rotation-tools.ts";
import { FakeDatabase } from "./fake-database.ts";
import { FakeSecrets } from "./fake-secrets.ts";
import { OutsideCalls } from "./outside-calls.ts";

export const applicationSecret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf";
export const adminSecret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:b-AbCdEf";
export const firstVersion = "1".repeat(32);
export const nextVersion = "2".repeat(32);

export const valueFor = (username: string, password: string) => ({
  engine: "mysql",
  host: "db.orders.internal",
  port: 3306,
  username,
  password,
  dbname: "orders",
  team: "orders",
});

/** A function with its secrets and its database, all in memory. */
export class RotationWorld {
  readonly calls = new OutsideCalls();
  readonly secrets = new FakeSecrets(this.calls);
  readonly database = new FakeDatabase(this.calls);
  readonly tools: RotationTools;
  /** Called when a rotation waits for the copies. */
  onWait: () => void = () => {};
  #passwords = 0;

  constructor(strategy: RotationStrategy, { admin = true } = {}) {
    this.tools = {
      place: {
        region: "us-east-1",
        secretArn: applicationSecret,
        adminSecretArn: admin ? adminSecret : undefined,
        ownHosts: ["orders-prod-*.c1a2b3.us-east-1.rds.amazonaws.com"],
        strategy,
        applicationUsername: admin ? "orders_app" : undefined,
      },
      store: this.secrets,
      login: this.database,
      signal: AbortSignal.timeout(60_000),
      sleep: async () => this.onWait(),
      newPassword: () => `password-${++this.#passwords}`,
    };
    this.database.passwords.set("orders_admin", "master");
  }

  /** The application and the admin secret have a user each. */
  bootstrapped(): this {
    this.secrets.store(adminSecret, firstVersion, valueFor("orders_admin", "master"));
    this.secrets.store(applicationSecret, firstVersion, valueFor("orders_app", "first"));
    this.database.passwords.set("orders_app", "first");
    this.database.rights.set("orders_app", new Set(["SELECT ON `orders`.*"]));
    return this;
  }

  /** The application has the master user, as after a first deployment. */
  fresh(): this {
    this.secrets.store(applicationSecret, firstVersion, valueFor("orders_admin", "master"));
    return this;
  }

  /** The four steps as Secrets Manager calls them, from the first one again after a crash. */
  async rotate(secretArn: string, versionId = nextVersion): Promise<void> {
    for (const Step of steps)
      await rotate({ Step, SecretId: secretArn, ClientRequestToken: versionId }, this.tools);
  }

  bootstrap() {
    return bootstrap(this.tools);
  }

  /** What an application that reads these labels can log in with, in the order in which it tries. */
  lettingIn(secretArn = applicationSecret): readonly string[] {
    return ["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"].filter((stage) =>
      this.database.accepts(this.secrets.value(secretArn, stage)),
    );
  }

  /** Everything that a run leaves behind but the passwords themselves. */
  end() {
    return {
      versions: [applicationSecret, adminSecret].map((arn) =>
        [...(this.secrets.versions.get(arn) ?? [])].map(([id, { text, stages }]) => {
          const value = JSON.parse(text ?? "{}");
          const { password: _password, ...fields } = value;
          return { id, stages: [...stages].sort(), fields, letsIn: this.database.accepts(value) };
        }),
      ),
      users: [...this.database.passwords.keys()].sort(),
      rights: [...this.database.rights].map(([user, rights]) => [user, [...rights].sort()]).sort(),
    };
  }
}

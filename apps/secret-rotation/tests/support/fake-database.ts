import type { DatabaseSecret } from "@standby/topology";
import type { Login, Session } from "../../src/database-login.ts";
import { RotationRefusedError } from "../../src/errors.ts";
import type { OutsideCalls } from "./outside-calls.ts";

/** The users of one server, and the statements that a rotation makes of them. */
export class FakeDatabase implements Login {
  readonly passwords = new Map<string, string>();
  readonly rights = new Map<string, Set<string>>();
  readOnly = 0;
  replicatesFrom: string | undefined;
  /** The CNAME leads to another Region. */
  isElsewhere = false;
  readonly #calls: OutsideCalls;

  constructor(calls: OutsideCalls) {
    this.#calls = calls;
  }

  accepts(value: Readonly<Record<string, unknown>> | undefined): boolean {
    return (
      value !== undefined && this.passwords.get(String(value["username"])) === value["password"]
    );
  }

  open(value: DatabaseSecret): Promise<Session | undefined> {
    return this.#calls.pass("log in", () => {
      if (this.isElsewhere)
        throw new RotationRefusedError("not-this-region", "the CNAME leads elsewhere");
      if (!this.accepts({ ...value })) return undefined;
      return this.#session(value.username);
    });
  }

  #session(me: string): Session {
    return {
      target: "orders-prod-1.c1a2b3.us-east-1.rds.amazonaws.com",
      query: (_purpose, sql, values = []) =>
        this.#calls.pass(sql.split(" ").slice(0, 2).join(" "), () =>
          this.#answer(me, sql, values.map(String)),
        ),
      [Symbol.dispose]: () => {},
    };
  }

  #answer(me: string, sql: string, [first = "", second = "", third = ""]: readonly string[]) {
    if (sql.includes("@@global.read_only")) return [{ readOnly: this.readOnly }];
    if (sql.includes("CURRENT_USER()")) return [{ user: `${me}@%` }];
    if (sql.includes("VERSION()")) return [{ version: "8.4.6" }];
    if (sql === "SHOW REPLICA STATUS")
      return this.replicatesFrom ? [{ Source_Host: this.replicatesFrom }] : [];
    if (sql.startsWith("ALTER USER ?@?")) this.passwords.set(first, third);
    else if (sql.startsWith("CREATE USER IF NOT EXISTS")) {
      if (!this.passwords.has(first)) this.passwords.set(first, second);
    } else if (sql.startsWith("ALTER USER ?@'%'")) this.passwords.set(first, second);
    else if (sql.startsWith("SHOW GRANTS"))
      return [...(this.rights.get(first) ?? [])].map((right) => ({
        Grants: `GRANT ${right} TO \`${first}\`@\`%\``,
      }));
    else if (sql.startsWith("GRANT ")) this.#grant(sql, [first, second, third]);
    return [];
  }

  #grant(sql: string, values: readonly string[]): void {
    const named = values.filter((value) => value !== "");
    const to = named.pop() ?? "";
    const right = sql
      .slice("GRANT ".length, sql.indexOf(" TO ?@'%'"))
      .replace("??", () => `\`${named.shift()}\``);
    const rights = this.rights.get(to) ?? new Set();
    this.rights.set(to, rights.add(right));
  }
}

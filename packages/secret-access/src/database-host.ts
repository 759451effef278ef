import { promises as systemResolver } from "node:dns";
import { isAllowedHost, isRdsName } from "@standby/topology";
import { withDeadline } from "./deadline.ts";
import { DatabaseIdentityError, DatabaseUnreachableError } from "./errors.ts";
import { type AccessEvent, accessEvents } from "./secret-events.ts";

/** The part of `node:dns` promises that is used: a `dns.promises.Resolver` of a given server fits too. */
export interface HostResolver {
  /** The target of the CNAME; an error with the code ENODATA for a name that has none. */
  resolveCname(name: string): Promise<string[]>;
  /** The addresses of a name that is no CNAME. */
  resolve4(name: string): Promise<string[]>;
}

/** Where the CNAME leads: the name that the certificate must show, and where it listens. */
export interface DatabaseTarget {
  readonly host: string;
  readonly target: string;
  readonly addresses: readonly string[];
}

export interface DatabaseHostOptions {
  /** See `databaseHostPattern` of topology. */
  readonly allowedHosts: readonly string[];
  readonly resolver?: HostResolver;
  /** How long an answer is used before it is asked again. Default 1,000. */
  readonly checkIntervalMillis?: number;
  /** Default 1,500. */
  readonly deadlineMillis?: number;
  readonly now?: () => number;
}

/** A CNAME may lead to the database over another one (a failover record): more than this is a mistake. */
const maximumAliases = 4;

/** How long the last good answer is used while DNS does not answer: certificates still prove who is met there. */
const maximumStaleMillis = 300_000;

/**
 * Follows the secret's host to an allowed database. The resolver honours the record's TTL; here an answer lives for the check
 * interval only, so that a moved record is seen at most that much later.
 */
export class DatabaseHost {
  readonly #allowedHosts: readonly string[];
  readonly #resolver: HostResolver;
  readonly #interval: number;
  readonly #deadline: number;
  readonly #now: () => number;
  #known:
    | { readonly target: DatabaseTarget; readonly answeredAt: number; freshUntil: number }
    | undefined;
  #asking: { readonly host: string; readonly answer: Promise<DatabaseTarget> } | undefined;

  constructor(options: DatabaseHostOptions) {
    this.#allowedHosts = options.allowedHosts;
    this.#resolver = options.resolver ?? systemResolver;
    this.#interval = options.checkIntervalMillis ?? 1_000;
    this.#deadline = options.deadlineMillis ?? 1_500;
    this.#now = options.now ?? Date.now;
  }

  /** The answer without asking, while it is fresh. */
  peek(host: string): DatabaseTarget | undefined {
    const known = this.#known;
    // A clock that went back must not make an answer live for ever.
    const left = known ? known.freshUntil - this.#now() : 0;
    return known?.target.host === host && left > 0 && left <= this.#interval
      ? known.target
      : undefined;
  }

  /** Asks again at the next look: something says that the record has moved. */
  invalidate(): void {
    if (this.#known) this.#known.freshUntil = 0;
  }

  /**
   * @throws DatabaseUnreachableError when DNS does not answer or has no such name.
   * @throws DatabaseIdentityError when the record names a host that is not allowed.
   */
  locate(host: string): Promise<DatabaseTarget> {
    const fresh = this.peek(host);
    if (fresh) return Promise.resolve(fresh);
    if (this.#asking?.host === host) return this.#asking.answer;
    const asking = { host, answer: this.#ask(host) };
    this.#asking = asking;
    const done = () => {
      if (this.#asking === asking) this.#asking = undefined;
    };
    asking.answer.then(done, done);
    return asking.answer;
  }

  async #ask(host: string): Promise<DatabaseTarget> {
    const late = () => unresolved(host, `DNS did not answer within ${this.#deadline} ms`);
    try {
      const target = await withDeadline(this.#follow(host), this.#deadline, late);
      const now = this.#now();
      this.#known = { target, answeredAt: now, freshUntil: now + this.#interval };
      return target;
    } catch (error) {
      return this.#lastGood(host, error);
    }
  }

  /** A record that names a foreign host is an answer: only silence is bridged. */
  #lastGood(host: string, error: unknown): DatabaseTarget {
    const now = this.#now();
    const known = this.#known?.target.host === host ? this.#known : undefined;
    if (error instanceof DatabaseIdentityError || !known) throw error;
    if (Math.abs(now - known.answeredAt) > maximumStaleMillis) throw error;
    known.freshUntil = now + this.#interval;
    const event: AccessEvent = { type: "stale-host", subject: host, code: "dns" };
    accessEvents.publish(event);
    return known.target;
  }

  async #follow(host: string): Promise<DatabaseTarget> {
    let target = host;
    for (let aliases = 0; !isAllowedHost(target, this.#allowedHosts); aliases++) {
      // Another customer's database is the end of the search, whatever its name leads to.
      const follow = aliases < maximumAliases && !isRdsName(target);
      const [next] = follow ? await this.#lookUp(host, target, "resolveCname") : [];
      if (next === undefined || next === "")
        throw new DatabaseIdentityError(
          "database-identity",
          `${host} leads to ${target}, which is not one of the allowed databases (${this.#allowedHosts.join(", ") || "none"})`,
        );
      target = next.toLowerCase().replace(/\.$/, "");
    }
    const addresses = await this.#lookUp(host, target, "resolve4");
    if (addresses.length === 0) throw unresolved(host, `${target} has no address`);
    return { host, target, addresses };
  }

  async #lookUp(host: string, name: string, query: keyof HostResolver): Promise<string[]> {
    try {
      return await this.#resolver[query](name);
    } catch (error) {
      // A name that exists without a CNAME is the end of the chain.
      if (query === "resolveCname" && (error as NodeJS.ErrnoException).code === "ENODATA")
        return [];
      throw unresolved(host, `${query} ${name} failed`, error);
    }
  }
}

const unresolved = (host: string, reason: string, cause?: unknown): DatabaseUnreachableError =>
  new DatabaseUnreachableError("resolving the host", `cannot resolve ${host}: ${reason}`, cause);

import type { HostResolver } from "../../src/index.ts";

/** DNS of one test: CNAMEs and addresses that can be changed at any time. */
export class FakeResolver implements HostResolver {
  readonly cnames = new Map<string, string>();
  readonly addresses = new Map<string, readonly string[]>();
  readonly queries: string[] = [];
  failure: (() => Promise<never>) | undefined;

  async resolveCname(name: string): Promise<string[]> {
    this.queries.push(`CNAME ${name}`);
    await this.failure?.();
    const target = this.cnames.get(name);
    if (target === undefined)
      throw Object.assign(
        new Error(`queryCname ${this.addresses.has(name) ? "ENODATA" : "ENOTFOUND"} ${name}`),
        {
          code: this.addresses.has(name) ? "ENODATA" : "ENOTFOUND",
        },
      );
    return [target];
  }

  async resolve4(name: string): Promise<string[]> {
    this.queries.push(`A ${name}`);
    await this.failure?.();
    const found = this.addresses.get(name);
    if (!found) throw Object.assign(new Error(`queryA ENOTFOUND ${name}`), { code: "ENOTFOUND" });
    return [...found];
  }
}

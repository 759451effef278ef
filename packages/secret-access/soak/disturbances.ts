import { setTimeout as sleep } from "node:timers/promises";
import {
  cname,
  eastHost,
  secretValue,
  type TwoRegions,
  westHost,
} from "../tests/support/two-regions.ts";

/** What happens to a deployment over the years, within minutes: each heals itself before the next one. */
export class Disturbances {
  readonly counts: Record<string, number> = {};
  current = "none";
  readonly #regions: TwoRegions;
  #rotation = 1;
  #turn = 0;

  constructor(regions: TwoRegions) {
    this.#regions = regions;
  }

  async next(): Promise<void> {
    const all = {
      rotation: () => this.#rotate(0),
      "rotation with a gap": () => this.#rotate(800),
      "flip from a healthy server": () => this.#flip(async () => {}),
      "flip from a read-only server": () =>
        this.#flip(() => this.#old().admin("SET GLOBAL read_only=1")),
      "flip with the old server's connections killed": () =>
        this.#flip(() => this.#old().killConnections()),
      "flip from a frozen server": () => this.#flip(() => this.#old().freeze()),
      "Secrets Manager down": () => this.#outage(),
      "DNS down": () => this.#dnsDown(),
    };
    const names = Object.keys(all) as (keyof typeof all)[];
    const name = names[this.#turn++ % names.length] ?? "rotation";
    this.current = name;
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    await all[name]();
    await sleep(1_500);
  }

  #isEast(): boolean {
    return this.#regions.resolver.cnames.get(cname) === eastHost;
  }

  /** The server that the CNAME names, which a flip leaves. */
  #old() {
    return this.#isEast() ? this.#regions.east : this.#regions.west;
  }

  async #rotate(gapMillis: number): Promise<void> {
    const { secrets, east, west } = this.#regions;
    const [before, after] = [this.#rotation, this.#rotation + 1];
    this.#rotation = after;
    const value = secretValue(`password-${after}`);
    secrets.put(`v${after}`, ["AWSPENDING"], value);
    for (const server of [east, west])
      await server.admin(`ALTER USER app@'%' IDENTIFIED BY 'password-${after}'`);
    await sleep(gapMillis);
    const old = secrets.versions.find(({ versionId }) => versionId === `v${before}`);
    secrets.versions = [];
    secrets.put(`v${before}`, ["AWSPREVIOUS"], old?.value ?? "");
    secrets.put(`v${after}`, ["AWSCURRENT"], value);
  }

  async #flip(leave: () => Promise<unknown>): Promise<void> {
    const old = this.#old();
    const next = this.#isEast() ? westHost : eastHost;
    await leave();
    this.#regions.point(next);
    await sleep(1_500);
    old.thaw();
    await old.admin("SET GLOBAL read_only=0");
  }

  async #outage(): Promise<void> {
    this.#regions.secrets.answer = () =>
      Promise.reject(Object.assign(new Error("down"), { name: "InternalServiceError" }));
    await sleep(1_500);
    this.#regions.secrets.answer = undefined;
  }

  async #dnsDown(): Promise<void> {
    this.#regions.resolver.failure = () => Promise.reject(new Error("SERVFAIL"));
    await sleep(1_500);
    this.#regions.resolver.failure = undefined;
  }
}

/** How a lost Region's endpoints behave: no answer, no listener, or an answer of 503. */
export const lossModes = ["hang", "refuse", "5xx"] as const;
export type LossMode = (typeof lossModes)[number];

export type ServiceName =
  | "cloudwatch"
  | "ec2"
  | "events"
  | "iam"
  | "kms"
  | "lambda"
  | "logs"
  /** A service that nothing here knows: its calls are logged, lost with their Region, and answered 501. */
  | "other"
  | "rds"
  | "route53"
  | "s3"
  | "secretsmanager"
  | "sts";

/**
 * Which Regions are lost. IAM's control plane is in us-east-1 and goes with it. Route 53's is there too, but it is an outage
 * of its own here: the record flip needs it, and AWS's outages have not always taken both. Its name servers answer all the same.
 */
export class Outages {
  readonly #lost = new Map<string, LossMode>();
  #route53: LossMode | undefined;
  readonly #listeners = new Set<(region: string, mode: LossMode | undefined) => Promise<void>>();

  /** Data planes register here; `lose` and `restore` return when all of them have followed. */
  onChange(listener: (region: string, mode: LossMode | undefined) => Promise<void>): void {
    this.#listeners.add(listener);
  }

  async lose(region: string, mode: LossMode): Promise<void> {
    this.#lost.set(region, mode);
    await Promise.all([...this.#listeners].map((listener) => listener(region, mode)));
  }

  async restore(region: string): Promise<void> {
    if (!this.#lost.delete(region)) return;
    await Promise.all([...this.#listeners].map((listener) => listener(region, undefined)));
  }

  /** From now on no change, and no look at what is there, reaches Route 53. */
  loseRoute53ControlPlane(mode: LossMode): void {
    this.#route53 = mode;
  }

  restoreRoute53ControlPlane(): void {
    this.#route53 = undefined;
  }

  lossOf(region: string): LossMode | undefined {
    return this.#lost.get(region);
  }

  /** What a caller of this service in this Region meets. */
  outcome(region: string, service: ServiceName): LossMode | undefined {
    return service === "route53" ? this.#route53 : this.#lost.get(region);
  }
}

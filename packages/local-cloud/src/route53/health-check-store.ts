import { randomUUID } from "node:crypto";
import type { HealthCheckConfig } from "@aws-sdk/client-route-53";
import type { AlarmRule } from "../cloudwatch/alarm-evaluation.ts";
import { AwsError } from "../service.ts";
import type { TagMap } from "../tag-map.ts";

export interface HealthCheck {
  readonly id: string;
  readonly callerReference: string;
  readonly tags: TagMap;
  config: HealthCheckConfig;
  /** The alarm's rule as it was when the check was made or last told of its alarm: later changes of the alarm are not followed. */
  alarmRule: AlarmRule | undefined;
  /** By the last data that sufficed; a new check counts as healthy. */
  isHealthyByData: boolean;
  isHealthy: boolean;
  /** Counts the changes, from 1. */
  version: number;
}

/** Health checks as they are configured. Route 53 is global: there is one store. */
export class HealthCheckStore {
  readonly #checks = new Map<string, HealthCheck>();
  /** Of deleted checks too: AWS takes none of them twice. */
  readonly #references = new Map<string, string>();

  /** Throws `NoSuchHealthCheck`. */
  get(id: string | undefined): HealthCheck {
    const check = this.#checks.get(id ?? "");
    if (!check)
      throw new AwsError(
        "NoSuchHealthCheck",
        `No health check exists with the specified ID ${id}`,
        404,
      );
    return check;
  }

  /** The id that this reference has already been used for. */
  idOf(callerReference: string): string | undefined {
    return this.#references.get(callerReference);
  }

  find(id: string): HealthCheck | undefined {
    return this.#checks.get(id);
  }

  create(callerReference: string, config: HealthCheckConfig): HealthCheck {
    const check: HealthCheck = {
      id: randomUUID(),
      callerReference,
      tags: new Map(),
      config,
      alarmRule: undefined,
      isHealthyByData: true,
      isHealthy: true,
      version: 1,
    };
    this.#checks.set(check.id, check);
    this.#references.set(callerReference, check.id);
    return check;
  }

  delete(id: string): void {
    this.#checks.delete(id);
  }

  all(): readonly HealthCheck[] {
    return [...this.#checks.values()];
  }
}

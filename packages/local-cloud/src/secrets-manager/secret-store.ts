import { PerRegion } from "../per-region.ts";
import { notFound, requireLive, requirePrimary, type Secret } from "./secret.ts";

const arnPattern = /^arn:aws:secretsmanager:([a-z0-9-]+):\d{12}:secret:(.+)$/;

/** Secrets of every Region, by name. */
export class SecretStore {
  readonly #regions = new PerRegion<Map<string, Secret>>(() => new Map());

  in(region: string): Map<string, Secret> {
    return this.#regions.in(region);
  }

  /** By name, ARN, or ARN without the six characters at its end. */
  find(region: string, secretId: string): Secret | undefined {
    const secrets = this.in(region);
    const arn = arnPattern.exec(secretId);
    if (!arn) return secrets.get(secretId);
    if (arn[1] !== region) return undefined;
    const exact = [...secrets.values()].find((secret) => secret.arn === secretId);
    return exact ?? secrets.get(arn[2] ?? "");
  }

  /** Throws `ResourceNotFoundException`. */
  get(region: string, secretId: string | undefined): Secret {
    const secret = this.find(region, secretId ?? "");
    if (!secret) throw notFound();
    return secret;
  }

  /** A secret that can be read: not scheduled for deletion. */
  live(region: string, secretId: string | undefined): Secret {
    return requireLive(this.get(region, secretId));
  }

  /** A secret that can be changed here: neither scheduled for deletion nor a replica. */
  changeable(region: string, secretId: string | undefined): Secret {
    return requirePrimary(this.live(region, secretId));
  }
}

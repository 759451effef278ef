import { randomInt } from "node:crypto";
import type { VPC } from "@aws-sdk/client-route-53";
import type { Background } from "../background.ts";
import type { Dials } from "../dials.ts";
import { randomCharacters } from "../identifiers.ts";
import { AwsError } from "../service.ts";
import {
  absoluteName,
  type Change,
  firstRecords,
  type HostedZone,
  nameServersOf,
  type RecordSets,
} from "./zone.ts";

export interface NewZone {
  readonly name: string;
  readonly callerReference: string;
  readonly comment: string | undefined;
  readonly vpc: VPC | undefined;
}

const bare = (id: string): string => id.replace(/^\/(hostedzone|change)\//, "");

/** Hosted zones and their changes. Route 53 is global: there is one store. */
export class ZoneStore {
  readonly zones = new Map<string, HostedZone>();
  readonly #changes = new Map<string, Change>();
  readonly #background: Background;
  readonly #dials: Dials;

  constructor(background: Background, dials: Dials) {
    this.#background = background;
    this.#dials = dials;
  }

  /** Throws `NoSuchHostedZone`. */
  zone(id: string | undefined): HostedZone {
    const zone = this.zones.get(bare(id ?? ""));
    if (!zone)
      throw new AwsError(
        "NoSuchHostedZone",
        `No hosted zone found with ID: ${bare(id ?? "")}`,
        404,
      );
    return zone;
  }

  /** Throws `NoSuchChange`. */
  change(id: string | undefined): Change {
    const change = this.#changes.get(bare(id ?? ""));
    if (!change)
      throw new AwsError("NoSuchChange", `Could not find resource with ID: ${bare(id ?? "")}`, 404);
    return change;
  }

  create(input: NewZone): HostedZone {
    const name = absoluteName(input.name);
    const isPrivate = input.vpc !== undefined;
    const nameServers = nameServersOf(isPrivate, randomInt(512));
    const records = firstRecords(name, nameServers);
    const zone: HostedZone = {
      id: `Z${randomCharacters(20, "capitals")}`,
      name,
      callerReference: input.callerReference,
      comment: input.comment,
      isPrivate,
      vpcs: new Map(input.vpc ? [[input.vpc.VPCId ?? "", input.vpc]] : []),
      nameServers,
      tags: new Map(),
      records,
      liveRecords: records,
    };
    this.zones.set(zone.id, zone);
    return zone;
  }

  /** The API tells the new records at once, the name servers when the change is in sync. */
  changeRecords(zone: HostedZone, records: RecordSets, comment?: string): Change {
    zone.records = records;
    return this.submit(comment, () => {
      zone.liveRecords = records;
    });
  }

  /** The API tells the new records, and they never reach the name servers: the change stays PENDING. */
  leaveRecords(zone: HostedZone, records: RecordSets, comment?: string): Change {
    zone.records = records;
    return this.#pending(comment);
  }

  /** A change that is PENDING now and INSYNC after the propagation time. */
  submit(comment?: string, onInSync: () => void = () => {}): Change {
    const change = this.#pending(comment);
    this.#background.start(async () => {
      await this.#background.sleep(this.#dials.recordPropagationSeconds);
      onInSync();
      change.status = "INSYNC";
    });
    return change;
  }

  #pending(comment: string | undefined): Change {
    const change: Change = {
      id: `C${randomCharacters(20, "capitals")}`,
      submittedAt: new Date(),
      comment,
      status: "PENDING",
    };
    this.#changes.set(change.id, change);
    return change;
  }
}

import { AwsError, type Operation, type Parameters, type Service } from "../../src/service.ts";

interface RecordSet {
  Name: string;
  Type: string;
  SetIdentifier?: string;
  [name: string]: unknown;
}
interface Change {
  Action: "CREATE" | "UPSERT" | "DELETE";
  ResourceRecordSet: RecordSet;
}
interface Zone {
  Id: string;
  Name: string;
  Config: { Comment: string; PrivateZone: boolean };
  VPCs: { VPCId: string; VPCRegion: string }[];
}

const dotted = (name: string) => (name.endsWith(".") ? name : `${name}.`).toLowerCase();
const sameRecord = (left: RecordSet, right: RecordSet) =>
  dotted(left.Name) === dotted(right.Name) &&
  left.Type === right.Type &&
  left.SetIdentifier === right.SetIdentifier;

/** Route 53 as far as its answers go: every change is in sync at once. */
export class FakeRoute53 implements Service {
  readonly name = "route53";
  readonly zones: Zone[] = [];
  readonly records: RecordSet[] = [];
  /** Actions of every change batch, newest last. */
  readonly batches: string[] = [];
  readonly tags: { Key: string; Value: string }[] = [];
  readonly operations: Readonly<Record<string, Operation>> = {
    CreateHostedZone: (parameters) => this.#createZone(parameters),
    GetHostedZone: ({ Id }) => {
      const zone = this.#zone(String(Id));
      return {
        HostedZone: zone,
        VPCs: zone.VPCs,
        ...(zone.Config.PrivateZone ? {} : { DelegationSet: { NameServers: ["ns-2", "ns-1"] } }),
      };
    },
    ListHostedZones: () => ({ HostedZones: this.zones, IsTruncated: false }),
    ListHostedZonesByVPC: ({ VPCId }) => ({
      HostedZoneSummaries: this.zones
        .filter((zone) => zone.VPCs.some((vpc) => vpc.VPCId === VPCId))
        .map(({ Id, Name }) => ({ HostedZoneId: Id, Name, Owner: { OwningAccount: "1" } })),
    }),
    DeleteHostedZone: ({ Id }) => {
      this.zones.splice(this.zones.indexOf(this.#zone(String(Id))), 1);
      return this.#inSync();
    },
    AssociateVPCWithHostedZone: ({ HostedZoneId, VPC }) => {
      this.#zone(String(HostedZoneId)).VPCs.push(VPC as Zone["VPCs"][number]);
      return this.#inSync();
    },
    DisassociateVPCFromHostedZone: ({ HostedZoneId, VPC }) => {
      const zone = this.#zone(String(HostedZoneId));
      const { VPCId } = VPC as Zone["VPCs"][number];
      zone.VPCs = zone.VPCs.filter((each) => each.VPCId !== VPCId);
      return this.#inSync();
    },
    ChangeTagsForResource: ({ AddTags = [] }) => {
      this.tags.push(...(AddTags as typeof this.tags));
      return {};
    },
    ListTagsForResource: () => ({
      ResourceTagSet: { ResourceType: "hostedzone", ResourceId: "Z1", Tags: this.tags },
    }),
    ListResourceRecordSets: ({ StartRecordName, StartRecordType, MaxItems }) => ({
      ResourceRecordSets: this.records
        .filter((set) => !StartRecordName || dotted(set.Name) === dotted(String(StartRecordName)))
        .filter((set) => !StartRecordType || set.Type === StartRecordType)
        .slice(0, Number(MaxItems ?? 100)),
      IsTruncated: false,
      MaxItems: Number(MaxItems ?? 100),
    }),
    ChangeResourceRecordSets: ({ HostedZoneId, ChangeBatch }) => {
      this.#zone(String(HostedZoneId));
      const { Changes } = ChangeBatch as { Changes: Change[] };
      this.batches.push(Changes.map((change) => change.Action).join("+"));
      for (const change of Changes) this.#apply(change);
      return this.#inSync();
    },
    GetChange: ({ Id }) => ({ ...this.#inSync(), Id }),
  };

  #inSync() {
    return { ChangeInfo: { Id: "/change/C1", Status: "INSYNC", SubmittedAt: new Date() } };
  }

  #zone(id: string): Zone {
    const zone = this.zones.find((each) => each.Id === `/hostedzone/${id}`);
    if (!zone) throw new AwsError("NoSuchHostedZone", `No hosted zone found with ID: ${id}`, 404);
    return zone;
  }

  #createZone({ Name, HostedZoneConfig, VPC }: Parameters) {
    const zone: Zone = {
      Id: `/hostedzone/Z${this.zones.length + 1}`,
      Name: dotted(String(Name)),
      Config: {
        Comment: String((HostedZoneConfig as { Comment?: string }).Comment ?? ""),
        PrivateZone: VPC !== undefined,
      },
      VPCs: VPC === undefined ? [] : [VPC as Zone["VPCs"][number]],
    };
    this.zones.push(zone);
    const NameServers = ["ns-2.example.", "ns-1.example."];
    this.records.push({
      Name: zone.Name,
      Type: "NS",
      TTL: 172800,
      ResourceRecords: NameServers.map((Value) => ({ Value })),
    });
    return {
      HostedZone: { ...zone, CallerReference: "x" },
      ...this.#inSync(),
      DelegationSet: { NameServers },
    };
  }

  #apply({ Action, ResourceRecordSet: set }: Change): void {
    const index = this.records.findIndex((each) => sameRecord(each, set));
    const named = `[name='${set.Name}', type='${set.Type}']`;
    if (Action === "CREATE" && index >= 0) {
      throw new AwsError(
        "InvalidChangeBatch",
        `[Tried to create resource record set ${named} but it already exists]`,
      );
    }
    if (Action === "DELETE" && index < 0) {
      throw new AwsError(
        "InvalidChangeBatch",
        `[Tried to delete resource record set ${named} but it was not found]`,
      );
    }
    if (index >= 0) this.records.splice(index, 1);
    if (Action !== "DELETE") this.records.push({ ...set, Name: dotted(set.Name) });
  }
}

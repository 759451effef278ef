import {
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type RRType,
} from "@aws-sdk/client-route-53";
import type { AlarmUse } from "../../src/cloudwatch/alarm-use.ts";
import { createRoute53, type Route53 } from "../../src/route53/route53.ts";
import {
  east,
  eventually,
  quickDials,
  startTestCloud,
  type TestCloud,
  west,
} from "../aws-fixture.ts";

export const record = (
  Action: Change["Action"],
  Value: string,
  Type: RRType = "CNAME",
  Name = "db.orders.internal",
  TTL = 30,
): Change => ({
  Action,
  ResourceRecordSet: { Name, Type, TTL, ResourceRecords: [{ Value }] },
});

/** Route 53 with one private zone, `orders.internal`, seen by `vpc-west`. */
export class ZoneCloud {
  readonly cloud: TestCloud;
  readonly service: Route53;
  readonly client: Route53Client;
  zoneId = "";

  constructor(cloud: TestCloud, service: Route53) {
    this.cloud = cloud;
    this.service = service;
    this.client = new Route53Client(cloud.clientOptions(east));
  }

  static async start(alarms?: AlarmUse): Promise<ZoneCloud> {
    let service!: Route53;
    const cloud = await startTestCloud(({ faults }) => {
      service = createRoute53({
        dials: { ...quickDials, healthCheckSeconds: 0.01 },
        faults,
        ...(alarms && { alarms }),
      });
      return [service];
    });
    const zones = new ZoneCloud(cloud, service);
    const { HostedZone } = await zones.createZone("orders.internal", "vpc-west");
    zones.zoneId = HostedZone?.Id?.split("/").at(-1) ?? "";
    return zones;
  }

  createZone(Name: string, VPCId: string | undefined, CallerReference = Name) {
    return this.client.send(
      new CreateHostedZoneCommand({
        Name,
        CallerReference,
        HostedZoneConfig: { Comment: "made by a test" },
        ...(VPCId && { VPC: { VPCId, VPCRegion: west } }),
      }),
    );
  }

  change(...Changes: Change[]) {
    return this.client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: this.zoneId, ChangeBatch: { Changes } }),
    );
  }

  list(input = {}) {
    return this.client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: this.zoneId, ...input }),
    );
  }

  /** Makes the changes and waits until the name servers answer them. */
  async inSync(...changes: Change[]): Promise<void> {
    const { ChangeInfo } = await this.change(...changes);
    await eventually(
      () => this.client.send(new GetChangeCommand({ Id: ChangeInfo?.Id ?? "" })),
      (answer) => answer.ChangeInfo?.Status === "INSYNC",
    );
  }

  async close(): Promise<void> {
    await this.cloud.endpoint.close();
    await this.service.close();
  }
}

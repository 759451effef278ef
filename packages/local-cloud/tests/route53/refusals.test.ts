import { afterAll, beforeAll, expect, test } from "vitest";
import { createRoute53 } from "../../src/route53/route53.ts";
import { east, quickDials } from "../aws-fixture.ts";
import { sendOnTheWire, withoutRequestId, xmlRefusal } from "../wire-request.ts";
import { ZoneCloud } from "./zone-fixture.ts";

let zones: ZoneCloud;
let publicZoneId: string;
beforeAll(async () => {
  zones = await ZoneCloud.start();
  await zones.inSync({
    Action: "CREATE",
    ResourceRecordSet: {
      Name: "db.orders.internal",
      Type: "CNAME",
      TTL: 30,
      ResourceRecords: [{ Value: "east.example.com" }],
    },
  });
  const { HostedZone } = await zones.createZone("orders.example", undefined);
  publicZoneId = HostedZone?.Id?.split("/").at(-1) ?? "";
});
afterAll(() => zones.close());

const namespace = "https://route53.amazonaws.com/doc/2013-04-01/";

interface Refusal {
  readonly operation: string;
  readonly method: "GET" | "POST" | "DELETE";
  /** After the version; `PRIVATE` and `PUBLIC` are the ids of the zones. */
  readonly path: string;
  readonly body?: string;
  readonly code: string;
  readonly status?: number;
  readonly message: string;
}

const document = (root: string, content: string): string =>
  `<${root} xmlns="${namespace}">${content}</${root}>`;
const noZone = {
  code: "NoSuchHostedZone",
  status: 404,
  message: "No hosted zone found with ID: ZNONE",
};
const noCheck = {
  code: "NoSuchHealthCheck",
  status: 404,
  message: "No health check exists with the specified ID none",
};
const vpc = (id: string) => `<VPC><VPCRegion>us-west-2</VPCRegion><VPCId>${id}</VPCId></VPC>`;
const change = (action: string, value: string): string =>
  document(
    "ChangeResourceRecordSetsRequest",
    `<ChangeBatch><Changes><Change><Action>${action}</Action><ResourceRecordSet><Name>db.orders.internal</Name><Type>CNAME</Type><TTL>30</TTL><ResourceRecords><ResourceRecord><Value>${value}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch>`,
  );

const refusals: readonly Refusal[] = [
  {
    operation: "AssociateVPCWithHostedZone",
    method: "POST",
    path: "/hostedzone/PUBLIC/associatevpc",
    body: document("AssociateVPCWithHostedZoneRequest", vpc("vpc-east")),
    code: "PublicZoneVPCAssociation",
    message: "You can't associate a VPC with a public hosted zone.",
  },
  {
    operation: "ChangeResourceRecordSets",
    method: "POST",
    path: "/hostedzone/PRIVATE/rrset/",
    body: change("CREATE", "west.example.com"),
    code: "InvalidChangeBatch",
    message:
      "[Tried to create resource record set [name='db.orders.internal.', type='CNAME'] but it already exists]",
  },
  {
    operation: "ChangeResourceRecordSets",
    method: "POST",
    path: "/hostedzone/PRIVATE/rrset/",
    body: change("DELETE", "west.example.com"),
    code: "InvalidChangeBatch",
    message:
      "[Tried to delete resource record set [name='db.orders.internal.', type='CNAME'] but the values provided do not match the current values]",
  },
  {
    operation: "ChangeTagsForResource",
    method: "POST",
    path: "/tags/hostedzone/ZNONE",
    body: document("ChangeTagsForResourceRequest", ""),
    ...noZone,
  },
  {
    operation: "CreateHealthCheck",
    method: "POST",
    path: "/healthcheck",
    body: document(
      "CreateHealthCheckRequest",
      "<CallerReference>one</CallerReference><HealthCheckConfig><Type>CLOUDWATCH_METRIC</Type></HealthCheckConfig>",
    ),
    code: "InvalidInput",
    message:
      "Invalid parameter : AlarmIdentifier must be specified for health checks of type CLOUDWATCH_METRIC.",
  },
  {
    operation: "CreateHostedZone",
    method: "POST",
    path: "/hostedzone",
    body: document(
      "CreateHostedZoneRequest",
      "<Name>other.internal</Name><CallerReference>orders.internal</CallerReference>",
    ),
    code: "HostedZoneAlreadyExists",
    status: 409,
    message: "A hosted zone has already been created with the specified caller reference.",
  },
  { operation: "DeleteHealthCheck", method: "DELETE", path: "/healthcheck/none", ...noCheck },
  {
    operation: "DeleteHostedZone",
    method: "DELETE",
    path: "/hostedzone/PRIVATE",
    code: "HostedZoneNotEmpty",
    message:
      "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
  },
  {
    operation: "DisassociateVPCFromHostedZone",
    method: "POST",
    path: "/hostedzone/PRIVATE/disassociatevpc",
    body: document("DisassociateVPCFromHostedZoneRequest", vpc("vpc-none")),
    code: "VPCAssociationNotFound",
    status: 404,
    message: "The VPC: vpc-none is not currently associated with the hosted zone",
  },
  {
    operation: "DisassociateVPCFromHostedZone",
    method: "POST",
    path: "/hostedzone/PRIVATE/disassociatevpc",
    body: document("DisassociateVPCFromHostedZoneRequest", vpc("vpc-west")),
    code: "LastVPCAssociation",
    message:
      "The VPC that you are trying to disassociate is the last one of the private hosted zone.",
  },
  {
    operation: "GetChange",
    method: "GET",
    path: "/change/CNONE",
    code: "NoSuchChange",
    status: 404,
    message: "Could not find resource with ID: CNONE",
  },
  { operation: "GetHealthCheck", method: "GET", path: "/healthcheck/none", ...noCheck },
  {
    operation: "GetHealthCheckStatus",
    method: "GET",
    path: "/healthcheck/none/status",
    ...noCheck,
  },
  { operation: "GetHostedZone", method: "GET", path: "/hostedzone/ZNONE", ...noZone },
  {
    operation: "ListHealthChecks",
    method: "GET",
    path: "/healthcheck?maxitems=0",
    code: "InvalidInput",
    message: "MaxItems must be at least 1, and is 0.",
  },
  {
    operation: "ListHostedZones",
    method: "GET",
    path: "/hostedzone?marker=ZNONE",
    code: "InvalidInput",
    message: "The marker ZNONE does not name an item of this list.",
  },
  {
    operation: "ListHostedZonesByName",
    method: "GET",
    path: "/hostedzonesbyname?hostedzoneid=ZNONE",
    code: "InvalidInput",
    message: "The request contains a zone id but no DNS name.",
  },
  {
    operation: "ListHostedZonesByVPC",
    method: "GET",
    path: "/hostedzonesbyvpc?vpcid=vpc-west&vpcregion=us-west-2&nexttoken=none",
    code: "InvalidPaginationToken",
    message: "The NextToken value is invalid.",
  },
  {
    operation: "ListResourceRecordSets",
    method: "GET",
    path: "/hostedzone/PRIVATE/rrset?type=CNAME",
    code: "InvalidInput",
    message: "The request contains a record type but no record name.",
  },
  {
    operation: "ListTagsForResource",
    method: "GET",
    path: "/tags/healthcheck/none",
    ...noCheck,
  },
  {
    operation: "UpdateHealthCheck",
    method: "POST",
    path: "/healthcheck/none",
    body: document("UpdateHealthCheckRequest", "<Inverted>true</Inverted>"),
    ...noCheck,
  },
  {
    operation: "UpdateHostedZoneComment",
    method: "POST",
    path: "/hostedzone/ZNONE",
    body: document("UpdateHostedZoneCommentRequest", "<Comment>c</Comment>"),
    ...noZone,
  },
];

test.each(refusals)("$operation, $method $path, is refused with $code", async (refusal) => {
  const { method, path, body, code, status = 400, message } = refusal;
  const answer = await sendOnTheWire({
    endpoint: zones.cloud.endpoint.url,
    region: east,
    service: "route53",
    method,
    path: `/2013-04-01${path.replace("PRIVATE", zones.zoneId).replace("PUBLIC", publicZoneId)}`,
    ...(body !== undefined && { body }),
  });
  expect(withoutRequestId(answer)).toEqual({
    status,
    type: "text/xml",
    body: xmlRefusal(namespace, code, message),
  });
});

test("there is a refusal for every operation", () => {
  expect([...new Set(refusals.map(({ operation }) => operation))].sort()).toEqual(
    Object.keys(createRoute53({ dials: quickDials }).operations).sort(),
  );
});

test("every refusal is that of the operation that it is listed under", async () => {
  const called = zones.cloud.log.calls().map(({ operation }) => operation);
  for (const { operation } of refusals) expect(called).toContain(operation);
});

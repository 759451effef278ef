import { describe, expect, it } from "vitest";
import { account } from "./mock-aws.ts";
import { run } from "./stack-mocks.ts";
import { eastOutputs, firstWest, laterWest } from "./worlds.ts";

describe("the recovery Region's function", () => {
  it("reads its own Region's copy of the secret and allows both Regions' databases", async () => {
    const { resource } = await run(laterWest());
    expect(resource("aws:lambda/function:Function", "orders-api").inputs).toMatchObject({
      name: "orders-prod-orders-api",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      timeout: 15,
      environment: {
        variables: {
          SECRET_NAME: `arn:aws:secretsmanager:us-west-2:${account}:secret:orders-prod/database-AbCdEf`,
          REGION_NAME: "us-west-2",
          DATABASE_HOSTS:
            "orders-prod-*.ceast1.us-east-1.rds.amazonaws.com,orders-prod-*.cwest2.us-west-2.rds.amazonaws.com",
        },
      },
      vpcConfig: {
        subnetIds: ["network-private-us-west-2a-id", "network-private-us-west-2b-id"],
        securityGroupIds: ["orders-api-access-id"],
      },
    });
  });

  it("may read that copy with that Region's key, and nothing else", async () => {
    const { resource } = await run(laterWest());
    const policy: unknown = JSON.parse(
      String(resource("aws:iam/rolePolicy:RolePolicy", "orders-api-policy").inputs["policy"]),
    );
    expect(policy).toMatchObject({
      Statement: [
        {
          Sid: "ReadLocalSecret",
          Resource: `arn:aws:secretsmanager:us-west-2:${account}:secret:orders-prod/database-AbCdEf`,
        },
        {
          Sid: "DecryptLocalSecret",
          Action: "kms:Decrypt",
          Resource: eastOutputs.encryptionKeyArns["us-west-2"],
          Condition: {
            StringEquals: { "kms:ViaService": "secretsmanager.us-west-2.amazonaws.com" },
          },
        },
        { Sid: "JoinVpc" },
        {
          Sid: "WriteLogs",
          Resource: `arn:aws:logs:us-west-2:${account}:log-group:/aws/lambda/orders-prod-orders-api:*`,
        },
      ],
    });
  });

  it("has a role whose name the secret's policy knows", async () => {
    const { resource } = await run(firstWest());
    expect(resource("aws:iam/role:Role", "orders-api-role").inputs["name"]).toBe(
      "orders-prod-orders-us-west-2",
    );
  });
});

describe("the recovery Region's network", () => {
  it("asks for the connection, routes to the primary Region and joins the zone", async () => {
    const { resource } = await run(firstWest());
    expect(
      resource("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "network-peer").inputs,
    ).toMatchObject({ vpcId: "network-id", peerVpcId: "vpc-0east", peerRegion: "us-east-1" });
    expect(resource("aws:ec2/route:Route", "network-peer").inputs).toMatchObject({
      destinationCidrBlock: "10.10.0.0/16",
      vpcPeeringConnectionId: "network-peer-id",
    });
    const association = resource("aws:route53/zoneAssociation:ZoneAssociation", "zone");
    expect(association.inputs).toEqual({
      zoneId: "Z123",
      vpcId: "network-id",
      vpcRegion: "us-west-2",
    });
  });

  it("reaches Secrets Manager inside the VPC by its usual name", async () => {
    const { resource } = await run(firstWest());
    expect(
      resource("aws:ec2/vpcEndpoint:VpcEndpoint", "network-secrets-manager").inputs,
    ).toMatchObject({
      serviceName: "com.amazonaws.us-west-2.secretsmanager",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
    });
  });
});

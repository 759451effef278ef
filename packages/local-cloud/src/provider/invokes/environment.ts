import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { reachInert } from "../inert-types.ts";
import type { PropertyMap } from "../property-values.ts";
import type { Scope } from "../resource-handler.ts";

export const getCallerIdentity = async (_args: PropertyMap, scope: Scope): Promise<PropertyMap> => {
  const command = new GetCallerIdentityCommand({});
  const identity = await scope.aws.sts.send(command, { abortSignal: scope.signal });
  return {
    accountId: identity.Account,
    arn: identity.Arn,
    id: identity.Account,
    userId: identity.UserId,
  };
};

/** No call: the provider knows its Region. */
export const getRegion = (_args: PropertyMap, { region }: Scope): PropertyMap => ({
  description: region,
  endpoint: `ec2.${region}.amazonaws.com`,
  id: region,
  name: region,
  region,
});

/** No call. */
export const getPartition = (): PropertyMap => ({
  dnsSuffix: "amazonaws.com",
  id: "aws",
  partition: "aws",
  reverseDnsPrefix: "com.amazonaws",
});

const zoneLetters = ["a", "b", "c"];

export const getAvailabilityZones = async (
  args: PropertyMap,
  scope: Scope,
): Promise<PropertyMap> => {
  await reachInert("ec2", "DescribeAvailabilityZones", scope.region, scope);
  const { region } = scope;
  const [area = "", direction = "", digit = ""] = region.split("-");
  return {
    ...args,
    groupNames: [region],
    id: region,
    names: zoneLetters.map((letter) => region + letter),
    region,
    zoneIds: zoneLetters.map((_, index) => `${area}${direction[0]}${digit}-az${index + 1}`),
  };
};

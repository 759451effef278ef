import type { DBInstanceMessage, DescribeDBInstancesMessage, Filter } from "@aws-sdk/client-rds";
import { operation } from "../operation.ts";
import { pageOf } from "../page.ts";
import type { Operation } from "../service.ts";
import type { RdsContext } from "./context.ts";
import { invalidValue } from "./errors.ts";
import { type DatabaseInstance, instanceArn } from "./instance.ts";
import { instanceView } from "./instance-view.ts";

/** Filters of one call must all match; the values of one filter are alternatives. */
function matches(instance: DatabaseInstance, { Name, Values = [] }: Filter): boolean {
  switch (Name) {
    case "db-instance-id":
      return Values.some(
        (value) => value.toLowerCase() === instance.identifier || value === instanceArn(instance),
      );
    case "dbi-resource-id":
      return Values.includes(instance.resourceId);
    case "engine":
      return Values.includes("mysql");
    case "db-cluster-id":
    case "domain":
      return false;
    default:
      throw invalidValue(`Unrecognized filter name: ${Name}`);
  }
}

const [fewest, most] = [20, 100];

const invalidMarker = () => invalidValue("The parameter Marker is not a valid marker.");

/** How many records a page has. Throws for a number that RDS does not take. */
function recordsOf(maximum: number | undefined): number {
  if (maximum !== undefined && (maximum < fewest || maximum > most))
    throw invalidValue(
      `Invalid value ${maximum} for MaxRecords. Must be between ${fewest} and ${most}`,
    );
  return maximum ?? most;
}

export const describeInstancesOperation = (
  rds: RdsContext,
): Readonly<Record<string, Operation>> => ({
  DescribeDBInstances: operation<DescribeDBInstancesMessage, DBInstanceMessage>(
    async (input, { region }) => {
      const named =
        input.DBInstanceIdentifier === undefined
          ? [...rds.store.in(region).instances.values()]
          : [rds.store.instance(region, input.DBInstanceIdentifier)];
      const found = named.filter((instance) =>
        (input.Filters ?? []).every((filter) => matches(instance, filter)),
      );
      const limit = recordsOf(input.MaxRecords);
      const page = pageOf(found, { limit, token: input.Marker, invalidToken: invalidMarker });
      return {
        DBInstances: await Promise.all(page.items.map((each) => instanceView(rds, each))),
        Marker: page.nextToken,
      };
    },
  ),
});

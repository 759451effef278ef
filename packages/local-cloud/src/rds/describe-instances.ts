import type { DBInstanceMessage, DescribeDBInstancesMessage, Filter } from "@aws-sdk/client-rds";
import { operation } from "../operation.ts";
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
      return { DBInstances: await Promise.all(found.map((each) => instanceView(rds, each))) };
    },
  ),
});

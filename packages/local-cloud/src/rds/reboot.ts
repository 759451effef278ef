import type { RebootDBInstanceMessage, RebootDBInstanceResult } from "@aws-sdk/client-rds";
import { operation } from "../operation.ts";
import type { Operation } from "../service.ts";
import type { RdsContext } from "./context.ts";
import { instanceView } from "./instance-view.ts";
import { requireAvailable, serverOf, transition } from "./lifecycle.ts";
import { mergedParameters } from "./parameter-group.ts";

export const rebootOperation = (rds: RdsContext): Readonly<Record<string, Operation>> => ({
  /** What waited for a restart is applied; the server itself keeps running. */
  RebootDBInstance: operation<RebootDBInstanceMessage, RebootDBInstanceResult>(
    async (input, { region }) => {
      const instance = rds.store.instance(region, input.DBInstanceIdentifier);
      requireAvailable(instance);
      const server = serverOf(instance);
      transition(rds, instance, "rebooting", async () => {
        await rds.background.sleep(rds.dials.modificationSeconds);
        instance.parameters = mergedParameters(
          rds.store.parameterGroup(region, instance.parameterGroup),
        );
        await server.applyParameters(instance.parameters);
        instance.parameterStatus = "in-sync";
      });
      return { DBInstance: await instanceView(rds, instance) };
    },
  ),
});

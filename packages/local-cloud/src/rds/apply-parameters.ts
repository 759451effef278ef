import type { Parameter } from "@aws-sdk/client-rds";
import type { RdsContext } from "./context.ts";
import type { DatabaseInstance } from "./instance.ts";
import type { ParameterGroup } from "./parameter-group.ts";

/** The API answers before the server has followed: until then the instance says `applying`. */
function applyNow(
  rds: RdsContext,
  instance: DatabaseInstance,
  changed: Readonly<Record<string, string>>,
): void {
  const { background, dials } = rds;
  const after = instance.parameterStatus === "pending-reboot" ? "pending-reboot" : "in-sync";
  instance.parameterStatus = "applying";
  background.start(async () => {
    await background.untilReachable(instance.region);
    await background.sleep(dials.modificationSeconds);
    await background.untilReachable(instance.region);
    instance.parameters = { ...instance.parameters, ...changed };
    try {
      await instance.server?.applyParameters(instance.parameters);
      instance.parameterStatus = after;
    } catch (error) {
      instance.parameterStatus = "failed-to-apply";
      throw error;
    }
  });
}

/** Sends a group's changed parameters to its instances: dynamic ones asked for at once now, the others at the next restart. */
export function applyParameters(
  rds: RdsContext,
  group: ParameterGroup,
  parameters: readonly Parameter[],
): void {
  const immediate = parameters.filter((parameter) => parameter.ApplyMethod === "immediate");
  const changed = Object.fromEntries(
    immediate.map((each) => [each.ParameterName ?? "", each.ParameterValue ?? ""]),
  );
  const members = [...rds.store.in(group.region).instances.values()].filter(
    (instance) => instance.parameterGroup === group.name,
  );
  for (const instance of members) {
    if (immediate.length < parameters.length) instance.parameterStatus = "pending-reboot";
    if (immediate.length > 0) applyNow(rds, instance, changed);
  }
}

import * as pulumi from "@pulumi/pulumi";
import type { ProbeRequest } from "@standby/topology";
import { RegionalFunction, type RegionalFunctionArgs } from "./regional-function.ts";
import { scheduleCall } from "./scheduled-call.ts";

export interface RegionalProbeArgs extends Omit<RegionalFunctionArgs, "role"> {
  /** The function of the application, whose role and network place the probe shares: what it can do, the application can. */
  readonly application: RegionalFunction;
}

/** The probe of one Region, and the heartbeat that is asked of it every minute. */
export class RegionalProbe extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: RegionalProbeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:function:RegionalProbe", name, {}, opts);

    const { application, ...functionArgs } = args;
    const probe = new RegionalFunction(
      name,
      { ...functionArgs, role: { of: application } },
      { parent: this },
    );
    const request: ProbeRequest = { ask: "heartbeat" };
    scheduleCall(
      `${name}-heartbeat`,
      {
        ruleName: args.functionName,
        description: "The heartbeat of the database, and the record of its lag",
        everyMinutes: 1,
        statementId: "heartbeat",
        targetId: "probe",
        functionName: probe.functionName,
        functionArn: probe.functionArn,
        request,
        tags: args.tags,
      },
      this,
    );

    this.functionName = probe.functionName;
    this.registerOutputs({ functionName: this.functionName });
  }
}

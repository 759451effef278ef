import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  type DashboardFacts,
  dashboardBodies,
  dashboardKeys,
  dashboardNames,
} from "@standby/topology";

export interface RecoveryDashboardsArgs extends Omit<DashboardFacts, "recoveryDatabase"> {
  readonly recoveryDatabase: pulumi.Input<string>;
}

/**
 * The dashboards of both Regions and of the pair. CloudWatch keeps them for the account and not for a Region, so that the recovery
 * Region's endpoint makes all three.
 */
export class RecoveryDashboards extends pulumi.ComponentResource {
  readonly names: readonly pulumi.Output<string>[];

  constructor(name: string, args: RecoveryDashboardsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:monitoring:RecoveryDashboards", name, {}, opts);
    const bodies = pulumi
      .output(args.recoveryDatabase)
      .apply((recoveryDatabase) => dashboardBodies({ ...args, recoveryDatabase }));
    const dashboards = dashboardKeys.map(
      (key) =>
        new aws.cloudwatch.Dashboard(
          `${name}-${key}`,
          {
            dashboardName: dashboardNames(args)[key],
            dashboardBody: bodies.apply((all) => JSON.stringify(all[key])),
          },
          { parent: this },
        ),
    );

    this.names = dashboards.map(({ dashboardName }) => dashboardName);
    this.registerOutputs({ names: this.names });
  }
}

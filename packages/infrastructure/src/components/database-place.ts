import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseOutput } from "@standby/topology";

/** A Region's database as others use it: declared here, or only read. */
export interface DatabasePlace {
  readonly identifier: pulumi.Output<string>;
  /** The RDS endpoint without its port: what the CNAME names. It survives a promotion. */
  readonly address: pulumi.Output<string>;
  /** What other stacks may know of it. */
  readonly output: pulumi.Output<DatabaseOutput>;
  /** For those who have to wait for the database; absent when it is read. */
  readonly instance?: aws.rds.Instance;
}

/** A database that was there before, as RDS showed it before anything was declared. */
export const readDatabase = (output: DatabaseOutput): DatabasePlace => ({
  identifier: pulumi.output(output.identifier),
  address: pulumi.output(output.address),
  output: pulumi.output(output),
});

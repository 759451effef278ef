import * as pulumi from "@pulumi/pulumi";
import { ReplicatedSecret } from "../../src/components/replicated-secret.ts";
import { firstValue, readerRoleArns, replicaRegions, secretNames, tags } from "./declared.ts";

/** The program's own component, as often as it is asked for. */
for (const secretName of secretNames(new pulumi.Config()))
  new ReplicatedSecret(secretName, {
    secretName,
    region: "us-east-1",
    replicaRegions,
    keys: {},
    keptKeyRegions: [],
    origin: { kind: "made", readerRoleArns, accountId: "123456789012", firstValue },
    tags,
  });

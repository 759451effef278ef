import type { Fault } from "@standby/local-cloud";
import { ByHandError } from "@standby/local-cloud/testing";
import { byHand } from "../by-hand.ts";
import type { FaultPair } from "../fault-pair.ts";
import { lookUntil, preflightLine } from "../looks.ts";
import { observed, type Scenario } from "../scenario.ts";

const secrets = (pair: FaultPair, action: string, input: object = {}) =>
  byHand(pair.cloud).json("us-east-1", "secretsmanager", action, {
    SecretId: pair.secretId,
    ...input,
  });

const denied = (message: string): Fault => ({
  service: "secretsmanager",
  operation: "GetSecretValue",
  region: "us-west-2",
  kind: "refuse",
  errorCode: "AccessDeniedException",
  message,
  times: 1000,
});

/** Both are AccessDeniedException: what the application may do about them differs. */
const refusedReading = (row: number, message: string, words: RegExp): Scenario => ({
  rows: [row],
  async run(pair) {
    pair.cloud.addFault(denied(message));
    try {
      const { exitCode, result, detail } = await preflightLine(pair, "secret-readable");
      return [
        observed(
          row,
          result === "fail" && exitCode === 3 && words.test(detail),
          `preflight ends with ${exitCode}: ${detail}`,
        ),
      ];
    } finally {
      pair.cloud.clearFaults();
    }
  },
});

export const keyNotGranted = refusedReading(28, "Access to KMS is not allowed", /KMS/);

export const policyDenies = refusedReading(
  30,
  "User is not authorized to perform: secretsmanager:GetSecretValue because no resource-based policy allows it",
  /secretsmanager:GetSecretValue/,
);

export const keyDisabled: Scenario = {
  rows: [29],
  async run(pair) {
    const { west } = pair.orders;
    const { secret } = await west.health(AbortSignal.timeout(20_000));
    const { KmsKeyId: key } = await byHand(pair.cloud).json(
      "us-west-2",
      "secretsmanager",
      "DescribeSecret",
      { SecretId: pair.secretId.replace("us-east-1", "us-west-2") },
    );
    await byHand(pair.cloud).json("us-west-2", "kms", "DisableKey", { KeyId: key });
    try {
      const status = await lookUntil(pair, ({ codes }) => codes.includes("secret-unreadable"));
      const cached = await west.health(AbortSignal.timeout(20_000));
      return [
        observed(
          29,
          status.codes.includes("secret-unreadable") &&
            cached.secret.versionId === secret.versionId,
          `status: ${status.verdict}, ${status.codes.join(", ")}`,
          "the application in us-west-2 goes on with the version that it holds",
        ),
      ];
    } finally {
      await byHand(pair.cloud).json("us-west-2", "kms", "EnableKey", { KeyId: key });
    }
  },
};

interface ReplicationStatus {
  readonly Region: string;
  readonly KmsKeyId: string;
}

export const secretDeleted: Scenario = {
  rows: [31],
  async run(pair) {
    const refusal = await secrets(pair, "DeleteSecret").then(
      () => "accepted",
      (error: unknown) => (error instanceof ByHandError ? error.message : String(error)),
    );
    const { west } = pair.orders;
    await west.health(AbortSignal.timeout(20_000));
    const { ReplicationStatus: before } = await secrets(pair, "DescribeSecret");
    const [copy] = before as readonly ReplicationStatus[];
    await secrets(pair, "RemoveRegionsFromReplication", { RemoveReplicaRegions: ["us-west-2"] });
    try {
      const status = await lookUntil(pair, ({ codes }) => codes.includes("secret-missing"));
      const cached = await west.health(AbortSignal.timeout(20_000)).then(
        () => "answers from the copy that it holds",
        (error: Error) => error.message,
      );
      return [
        observed(
          31,
          refusal !== "accepted" &&
            status.codes.includes("secret-missing") &&
            cached.startsWith("answers"),
          `DeleteSecret with a copy: ${refusal}`,
          `without the copy: ${status.verdict}, ${status.codes.join(", ")}; the application ${cached}`,
        ),
      ];
    } finally {
      await secrets(pair, "ReplicateSecretToRegions", {
        AddReplicaRegions: [{ Region: "us-west-2", KmsKeyId: copy?.KmsKeyId }],
      });
    }
  },
};

const canary = "canary-not-to-be-shown";

export const secretMalformed: Scenario = {
  rows: [32],
  async run(pair) {
    const { SecretString: text } = await secrets(pair, "GetSecretValue");
    const put = (value: string) =>
      secrets(pair, "PutSecretValue", {
        ClientRequestToken: crypto.randomUUID(),
        SecretString: value,
      });
    try {
      await put(`{"password":"${canary}`);
      const broken = await lookUntil(pair, ({ codes }) => codes.includes("secret-unreadable"));
      const fields = JSON.parse(String(text)) as object;
      await put(JSON.stringify({ ...fields, host: pair.addresses.east }));
      const raw = await lookUntil(pair, ({ codes }) => codes.includes("secret-host"));
      return [
        observed(
          32,
          broken.codes.includes("secret-unreadable") &&
            !broken.text.includes(canary) &&
            raw.codes.includes("secret-host"),
          `broken JSON: ${broken.messages.find((each) => each.includes("secret")) ?? broken.verdict}`,
          `a database's own endpoint as host: ${raw.codes.join(", ")}; no value is shown`,
        ),
      ];
    } finally {
      await put(String(text));
    }
  },
};

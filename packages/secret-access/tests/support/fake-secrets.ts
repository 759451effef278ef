import type { SecretsClient } from "../../src/index.ts";

interface StoredVersion {
  readonly versionId: string;
  readonly stages: readonly string[];
  readonly value: string | undefined;
}

/** A Secrets Manager of one secret. Set `fail` to make every call reject, `calls` tells what was asked. */
export class FakeSecrets {
  readonly arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:orders-prod/database-AbCdEf";
  readonly calls: string[] = [];
  versions: StoredVersion[] = [];
  answer: (() => Promise<void>) | undefined;

  readonly client = {
    send: async (command: {
      readonly input: { readonly VersionStage?: string; readonly VersionId?: string };
    }) => {
      const { VersionStage, VersionId } = command.input;
      this.calls.push(VersionId ?? VersionStage ?? "(none)");
      await this.answer?.();
      const found = this.versions.find((version) =>
        VersionId === undefined
          ? version.stages.includes(VersionStage ?? "")
          : version.versionId === VersionId,
      );
      if (!found || found.value === undefined)
        throw Object.assign(new Error("Secrets Manager can't find the specified secret value"), {
          name: "ResourceNotFoundException",
        });
      return {
        ARN: this.arn,
        VersionId: found.versionId,
        VersionStages: [...found.stages],
        SecretString: found.value,
      };
    },
    destroy: () => {},
  } as unknown as SecretsClient;

  put(versionId: string, stages: readonly string[], value: unknown): void {
    this.versions = [
      ...this.versions.filter((version) => version.versionId !== versionId),
      { versionId, stages, value: typeof value === "string" ? value : JSON.stringify(value) },
    ];
  }
}

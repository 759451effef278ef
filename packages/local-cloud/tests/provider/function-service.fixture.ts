import { createHash } from "node:crypto";
import { AwsError, type Operation, type Parameters, type Service } from "../../src/service.ts";

interface FakeFunction {
  readonly FunctionName: string;
  readonly FunctionArn: string;
  readonly State: "Active";
  LastUpdateStatus: "Successful";
  CodeSha256: string;
  [name: string]: unknown;
}

const hash = (archive: unknown) =>
  createHash("sha256")
    .update(archive as Uint8Array)
    .digest("base64");

/** Lambda as far as its answers go: what is deployed is active at once. */
export class FakeLambda implements Service {
  readonly name = "lambda";
  readonly functions: FakeFunction[] = [];
  readonly archives: Uint8Array[] = [];
  readonly operations: Readonly<Record<string, Operation>> = {
    CreateFunction: (parameters, { region }) => {
      const { Code, Tags: _tags, ...configuration } = parameters;
      const FunctionName = String(parameters["FunctionName"]);
      const made: FakeFunction = {
        ...configuration,
        FunctionName,
        FunctionArn: `arn:aws:lambda:${region}:123456789012:function:${FunctionName}`,
        State: "Active",
        LastUpdateStatus: "Successful",
        CodeSha256: this.#stored((Code as { ZipFile: Uint8Array }).ZipFile),
        Version: "$LATEST",
      };
      this.functions.push(made);
      return made;
    },
    GetFunction: (parameters) => ({ Configuration: this.#find(parameters) }),
    ListVersionsByFunction: () => ({ Versions: [] }),
    GetFunctionCodeSigningConfig: ({ FunctionName }) => ({ FunctionName }),
    UpdateFunctionConfiguration: (parameters) =>
      Object.assign(this.#find(parameters), { ...parameters }),
    UpdateFunctionCode: (parameters) =>
      Object.assign(this.#find(parameters), {
        CodeSha256: this.#stored(parameters["ZipFile"]),
      }),
    DeleteFunction: (parameters) => {
      this.functions.splice(this.functions.indexOf(this.#find(parameters)), 1);
      return {};
    },
    TagResource: () => ({}),
  };

  #stored(archive: unknown): string {
    this.archives.push(archive as Uint8Array);
    return hash(archive);
  }

  #find({ FunctionName }: Parameters): FakeFunction {
    const found = this.functions.find((each) => each.FunctionName === FunctionName);
    if (!found) {
      throw new AwsError("ResourceNotFoundException", `Function not found: ${FunctionName}`, 404);
    }
    return found;
  }
}

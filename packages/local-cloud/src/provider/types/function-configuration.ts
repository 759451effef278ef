import type {
  CreateFunctionCommandInput,
  GetFunctionCommandOutput,
  Runtime,
  TracingMode,
} from "@aws-sdk/client-lambda";
import { nested, number, type PropertyMap, text, textMap, texts } from "../property-values.ts";

/** Properties whose change is an UpdateFunctionConfiguration. */
export const configurationProperties = [
  "description",
  "environment",
  "ephemeralStorage",
  "handler",
  "kmsKeyArn",
  "layers",
  "memorySize",
  "role",
  "runtime",
  "timeout",
  "tracingConfig",
  "vpcConfig",
] as const;

type Configuration = Pick<
  CreateFunctionCommandInput,
  | "Description"
  | "Environment"
  | "EphemeralStorage"
  | "Handler"
  | "KMSKeyArn"
  | "Layers"
  | "MemorySize"
  | "Runtime"
  | "Timeout"
  | "TracingConfig"
  | "VpcConfig"
>;

const tracing = (properties: PropertyMap): Pick<Configuration, "TracingConfig"> => {
  const mode = text(nested(properties, "tracingConfig") ?? {}, "mode");
  return mode ? { TracingConfig: { Mode: mode as TracingMode } } : {};
};

const storage = (properties: PropertyMap): Pick<Configuration, "EphemeralStorage"> => {
  const size = number(nested(properties, "ephemeralStorage") ?? {}, "size");
  return size ? { EphemeralStorage: { Size: size } } : {};
};

/** What creating and changing a function have in common. Removing the VPC or the variables empties them in place. */
export const configurationOf = (properties: PropertyMap): Configuration => {
  const vpc = nested(properties, "vpcConfig") ?? {};
  return {
    Description: text(properties, "description") ?? "",
    Environment: { Variables: textMap(nested(properties, "environment") ?? {}, "variables") },
    Handler: text(properties, "handler"),
    KMSKeyArn: text(properties, "kmsKeyArn") ?? "",
    Layers: texts(properties, "layers"),
    MemorySize: number(properties, "memorySize") ?? 128,
    Runtime: text(properties, "runtime") as Runtime | undefined,
    Timeout: number(properties, "timeout") ?? 3,
    VpcConfig: {
      SecurityGroupIds: texts(vpc, "securityGroupIds"),
      SubnetIds: texts(vpc, "subnetIds"),
    },
    ...storage(properties),
    ...tracing(properties),
  };
};

const invokeArn = (arn: string, region: string): string =>
  `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;

/** The code itself is never read back: its hash stands for it. */
export const functionState = (
  { Configuration: found = {}, Concurrency, Tags }: GetFunctionCommandOutput,
  region: string,
): PropertyMap => {
  const arn = found.FunctionArn ?? "";
  const qualified = `${arn}:${found.Version ?? "$LATEST"}`;
  const variables = found.Environment?.Variables ?? {};
  const subnets = found.VpcConfig?.SubnetIds ?? [];
  const groups = found.VpcConfig?.SecurityGroupIds ?? [];
  return {
    architectures: found.Architectures ?? ["x86_64"],
    arn,
    codeSha256: found.CodeSha256,
    description: found.Description ?? "",
    environment: Object.keys(variables).length > 0 ? { variables } : undefined,
    ephemeralStorage: { size: found.EphemeralStorage?.Size ?? 512 },
    handler: found.Handler,
    invokeArn: invokeArn(arn, region),
    kmsKeyArn: found.KMSKeyArn ?? "",
    lastModified: found.LastModified,
    layers: (found.Layers ?? []).map((layer) => layer.Arn ?? ""),
    loggingConfig: {
      logFormat: found.LoggingConfig?.LogFormat ?? "Text",
      logGroup: found.LoggingConfig?.LogGroup ?? `/aws/lambda/${found.FunctionName}`,
    },
    memorySize: found.MemorySize,
    name: found.FunctionName,
    packageType: found.PackageType ?? "Zip",
    qualifiedArn: qualified,
    qualifiedInvokeArn: invokeArn(qualified, region),
    reservedConcurrentExecutions: Concurrency?.ReservedConcurrentExecutions ?? -1,
    role: found.Role,
    runtime: found.Runtime,
    sourceCodeHash: found.CodeSha256,
    sourceCodeSize: found.CodeSize,
    tags: Tags ?? {},
    timeout: found.Timeout,
    tracingConfig: { mode: found.TracingConfig?.Mode ?? "PassThrough" },
    version: found.Version ?? "$LATEST",
    vpcConfig:
      subnets.length + groups.length > 0
        ? {
            securityGroupIds: [...groups].sort(),
            subnetIds: [...subnets].sort(),
            vpcId: found.VpcConfig?.VpcId,
          }
        : undefined,
  };
};

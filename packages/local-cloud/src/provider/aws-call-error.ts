/** An AWS call that failed, with the text that the real provider's SDK prints. */
export class AwsCallError extends Error {
  override readonly name = "AwsCallError";
  /** AWS's error code without the `Fault` and `Exception` endings, which differ from SDK to SDK. */
  readonly code: string;
  /** AWS's own message alone. */
  readonly detail: string;

  constructor(message: string, code: string, detail: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
    this.detail = detail;
  }
}

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly Code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

const bare = (code: string): string => code.replace(/(Fault|Exception)$/, "");

const serviceIds: Readonly<Record<string, string>> = {
  EventBridge: "EventBridge",
  KMS: "KMS",
  Lambda: "Lambda",
  RDS: "RDS",
  Route53: "Route 53",
  S3: "S3",
  SecretsManager: "Secrets Manager",
  STS: "STS",
};

/** `clientName` and `commandName` as the SDK's middleware context has them. */
export const awsCallError = (
  error: unknown,
  clientName: string,
  commandName: string,
): AwsCallError => {
  const { name, message, Code, $metadata } = error as SdkError;
  const client = clientName.replace(/Client$/, "");
  const where = `operation error ${serviceIds[client] ?? client}: ${commandName.replace(/Command$/, "")}`;
  const code = bare(Code ?? name ?? "Error");
  const status = $metadata?.httpStatusCode;
  const what =
    status === undefined
      ? `request send failed, ${name}: ${message}`
      : `https response error StatusCode: ${status}, RequestID: ${$metadata?.requestId ?? ""}, api error ${Code ?? name}: ${message}`;
  return new AwsCallError(`${where}, ${what}`, code, message, error);
};

export const hasCode = (error: unknown, ...codes: readonly string[]): error is AwsCallError =>
  error instanceof AwsCallError && codes.map(bare).includes(error.code);

/** For refusals that one code covers and only the text tells apart. */
export const hasCodeAndText = (error: unknown, code: string, part: string): boolean =>
  hasCode(error, code) && error.detail.toLowerCase().includes(part.toLowerCase());

/** The same failure with the provider's words in front; the code stays readable. */
export const during = (activity: string, error: unknown): Error =>
  new Error(`${activity}: ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  });

import { MalformedSecretError } from "./errors.ts";

/**
 * Turns what is stored (text, or bytes of a binary secret) into a value. What it throws is replaced by a MalformedSecretError
 * that shows nothing of the value.
 */
export type SecretDecoder<Value> = (stored: string | Uint8Array) => Value | Promise<Value>;

/** The part of the Standard Schema interface that is used: schemas of Zod, Valibot, ArkType and others fit. */
export interface ValueSchema<Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly validate: (
      value: unknown,
    ) => ValidationResult<Output> | Promise<ValidationResult<Output>>;
  };
}

type ValidationResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The secret as text. */
export const asText = (stored: string | Uint8Array): string => {
  if (typeof stored === "string") return stored;
  throw new MalformedSecretError("the secret is binary, not text");
};

/** The bytes of a binary secret. */
export const asBinary = (stored: string | Uint8Array): Uint8Array => {
  if (typeof stored !== "string") return stored;
  throw new MalformedSecretError("the secret is text, not binary");
};

/** The secret as JSON without a look at its form. */
export const asJson = (stored: string | Uint8Array): unknown => {
  const text = asText(stored);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new MalformedSecretError("the secret is not JSON");
  }
};

/** The secret as JSON that the schema accepts. An issue's message may quote the value: errors name the keys alone. */
export const asJsonOf =
  <Output>(schema: ValueSchema<Output>): SecretDecoder<Output> =>
  async (stored) => {
    const result = await schema["~standard"].validate(asJson(stored));
    if (!result.issues) return result.value;
    const keys = [...new Set(result.issues.map(keyOf))];
    throw new MalformedSecretError(
      `the secret does not fit its schema, wrong or missing: ${keys.join(", ")}`,
      keys,
    );
  };

const keyOf = ({ path = [] }: SchemaIssue): string =>
  path.map((step) => String(typeof step === "object" ? step.key : step)).join(".") || "(value)";

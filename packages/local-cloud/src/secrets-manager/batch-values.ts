import type {
  APIErrorType,
  BatchGetSecretValueRequest,
  BatchGetSecretValueResponse,
  GetSecretValueResponse,
  SecretValueEntry,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../operation.ts";
import { pageOf } from "../page.ts";
import { AwsError, type CallContext, type Operation } from "../service.ts";
import type { SecretsContext } from "./context.ts";
import { invalidToken, limitOf } from "./paging.ts";
import { invalidParameter } from "./secret.ts";
import { secretFilter, secretOrder } from "./secret-filters.ts";

const most = 20;

function checkSelection({ SecretIdList: ids, Filters, MaxResults }: BatchGetSecretValueRequest) {
  if ((ids === undefined) === (Filters === undefined))
    throw invalidParameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
  if (ids !== undefined && MaxResults !== undefined)
    throw invalidParameter(
      "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.",
    );
  if (ids !== undefined && ids.length > most)
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value at 'secretIdList' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
    );
}

interface Selection {
  readonly ids: readonly string[];
  readonly nextToken: string | undefined;
}

function select(
  { store }: SecretsContext,
  input: BatchGetSecretValueRequest,
  region: string,
): Selection {
  if (input.SecretIdList) return { ids: input.SecretIdList, nextToken: undefined };
  const found = [...store.in(region).values()]
    .filter((secret) => secret.deletedAt === undefined)
    .filter(secretFilter(input.Filters))
    .sort(secretOrder(undefined, undefined));
  const limit = limitOf(input.MaxResults, most);
  const { items, nextToken } = pageOf(found, { limit, token: input.NextToken, invalidToken });
  return { ids: items.map((secret) => secret.arn), nextToken };
}

/** Several values in one call; what cannot be read is told beside what can. */
export const batchValueOperation = (
  secrets: SecretsContext,
  getValue: (secretId: string, context: CallContext) => GetSecretValueResponse,
): Readonly<Record<string, Operation>> => ({
  BatchGetSecretValue: operation<BatchGetSecretValueRequest, BatchGetSecretValueResponse>(
    (input, context) => {
      checkSelection(input);
      const { ids, nextToken } = select(secrets, input, context.region);
      const SecretValues: SecretValueEntry[] = [];
      const Errors: APIErrorType[] = [];
      for (const SecretId of ids) {
        try {
          SecretValues.push(getValue(SecretId, context));
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
        }
      }
      return { SecretValues, Errors, NextToken: nextToken };
    },
  ),
});

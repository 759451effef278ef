import type {
  AddPermissionRequest,
  AddPermissionResponse,
  GetPolicyRequest,
  GetPolicyResponse,
  ListTagsRequest,
  ListTagsResponse,
  RemovePermissionRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-lambda";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import type { LambdaContext } from "./context.ts";
import type { LambdaFunction } from "./function-state.ts";

const notFound = () =>
  new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404);

const statementOf = (lambda: LambdaFunction, input: AddPermissionRequest): object => ({
  Sid: input.StatementId,
  Effect: "Allow",
  Principal: /\.amazonaws\.com$/.test(input.Principal ?? "")
    ? { Service: input.Principal }
    : { AWS: input.Principal },
  Action: input.Action,
  Resource: lambda.arn,
  ...(input.SourceArn === undefined
    ? {}
    : { Condition: { ArnLike: { "AWS:SourceArn": input.SourceArn } } }),
});

const permissionOperations = ({ store }: LambdaContext): Readonly<Record<string, Operation>> => ({
  AddPermission: operation<AddPermissionRequest, AddPermissionResponse>((input, { region }) => {
    const lambda = store.get(region, input.FunctionName);
    const id = input.StatementId ?? "";
    if (lambda.permissions.has(id))
      throw new AwsError(
        "ResourceConflictException",
        `The statement id (${id}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        409,
      );
    const statement = statementOf(lambda, input);
    lambda.permissions.set(id, statement);
    return { Statement: JSON.stringify(statement) };
  }),

  RemovePermission: operation<RemovePermissionRequest, object>((input, { region }) => {
    const lambda = store.get(region, input.FunctionName);
    if (!lambda.permissions.delete(input.StatementId ?? "")) throw notFound();
    return {};
  }),

  GetPolicy: operation<GetPolicyRequest, GetPolicyResponse>((input, { region }) => {
    const lambda = store.get(region, input.FunctionName);
    if (lambda.permissions.size === 0) throw notFound();
    return {
      Policy: JSON.stringify({
        Version: "2012-10-17",
        Id: "default",
        Statement: [...lambda.permissions.values()],
      }),
      RevisionId: lambda.revisionId,
    };
  }),
});

/** The resource policy and the tags of a function. */
export const permissionAndTagOperations = (
  context: LambdaContext,
): Readonly<Record<string, Operation>> => ({
  ...permissionOperations(context),

  ListTags: operation<ListTagsRequest, ListTagsResponse>(({ Resource }, { region }) => ({
    Tags: Object.fromEntries(context.store.get(region, Resource).tags),
  })),

  TagResource: operation<TagResourceRequest, object>(({ Resource, Tags }, { region }) => {
    const { tags } = context.store.get(region, Resource);
    for (const [key, value] of Object.entries(Tags ?? {})) tags.set(key, value);
    return {};
  }),

  UntagResource: operation<UntagResourceRequest, object>(({ Resource, TagKeys }, { region }) => {
    const { tags } = context.store.get(region, Resource);
    for (const key of TagKeys ?? []) tags.delete(key);
    return {};
  }),
});

import {
  AddPermissionCommand,
  GetPolicyCommand,
  RemovePermissionCommand,
} from "@aws-sdk/client-lambda";
import { during, hasCode } from "../aws-call-error.ts";
import { requiredText, text } from "../property-values.ts";
import type { ResourceHandler, Scope } from "../resource-handler.ts";

interface Statement {
  readonly Sid?: string;
  readonly Action?: string;
  readonly Principal?: { readonly Service?: string; readonly AWS?: string };
  readonly Condition?: { readonly ArnLike?: Readonly<Record<string, string>> };
}

const statementOf = async (
  functionName: string,
  id: string,
  scope: Scope,
): Promise<Statement | undefined> => {
  try {
    const { Policy = "{}" } = await scope.aws.lambda.send(
      new GetPolicyCommand({ FunctionName: functionName }),
      { abortSignal: scope.signal },
    );
    const { Statement = [] } = JSON.parse(Policy) as { readonly Statement?: readonly Statement[] };
    return Statement.find(({ Sid }) => Sid === id);
  } catch (error) {
    if (hasCode(error, "ResourceNotFound")) return undefined;
    throw error;
  }
};

/** A change of any input replaces it: there is no update. */
export const lambdaPermission: ResourceHandler = {
  async create(inputs, scope, created) {
    const id = requiredText(inputs, "statementId");
    const sourceArn = text(inputs, "sourceArn");
    const command = new AddPermissionCommand({
      FunctionName: requiredText(inputs, "function"),
      StatementId: id,
      Action: requiredText(inputs, "action"),
      Principal: requiredText(inputs, "principal"),
      ...(sourceArn ? { SourceArn: sourceArn } : {}),
    });
    try {
      await scope.aws.lambda.send(command, { abortSignal: scope.signal });
    } catch (error) {
      throw during("adding Lambda Permission", error);
    }
    created(id);
  },

  async read(id, state, scope) {
    const functionName = requiredText(state, "function");
    try {
      const statement = await statementOf(functionName, id, scope);
      if (!statement) return undefined;
      const sourceArn = statement.Condition?.ArnLike?.["AWS:SourceArn"];
      return {
        action: statement.Action,
        function: functionName,
        principal: statement.Principal?.Service ?? statement.Principal?.AWS,
        statementId: id,
        ...(sourceArn === undefined ? {} : { sourceArn }),
      };
    } catch (error) {
      throw during(`reading Lambda Permission (${id})`, error);
    }
  },

  async update() {},

  async delete(id, state, scope) {
    const command = new RemovePermissionCommand({
      FunctionName: requiredText(state, "function"),
      StatementId: id,
    });
    try {
      await scope.aws.lambda.send(command, { abortSignal: scope.signal });
    } catch (error) {
      if (hasCode(error, "ResourceNotFound")) return;
      throw during(`removing Lambda Permission (${id})`, error);
    }
  },
};

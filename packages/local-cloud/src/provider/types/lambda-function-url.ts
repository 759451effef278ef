import {
  CreateFunctionUrlConfigCommand,
  DeleteFunctionUrlConfigCommand,
  type FunctionUrlAuthType,
  GetFunctionUrlConfigCommand,
  type InvokeMode,
  UpdateFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
import { during, hasCode } from "../aws-call-error.ts";
import { type PropertyMap, requiredText, text } from "../property-values.ts";
import type { ResourceHandler } from "../resource-handler.ts";

const settingsOf = (properties: PropertyMap) => ({
  FunctionName: requiredText(properties, "functionName"),
  AuthType: requiredText(properties, "authorizationType") as FunctionUrlAuthType,
  InvokeMode: text(properties, "invokeMode") as InvokeMode | undefined,
});

/** Its id is the function's name. With `AWS_IAM` the provider adds no permission by itself. */
export const lambdaFunctionUrl: ResourceHandler = {
  async create(inputs, scope, created) {
    const id = requiredText(inputs, "functionName");
    try {
      const command = new CreateFunctionUrlConfigCommand(settingsOf(inputs));
      await scope.aws.lambda.send(command, { abortSignal: scope.signal });
    } catch (error) {
      throw during(`creating Lambda Function URL (${id})`, error);
    }
    created(id);
  },

  async read(id, _state, scope) {
    try {
      const command = new GetFunctionUrlConfigCommand({ FunctionName: id });
      const found = await scope.aws.lambda.send(command, { abortSignal: scope.signal });
      const functionUrl = found.FunctionUrl ?? "";
      return {
        authorizationType: found.AuthType,
        functionArn: found.FunctionArn,
        functionName: id,
        functionUrl,
        invokeMode: found.InvokeMode,
        urlId: new URL(functionUrl).hostname.split(".")[0],
      };
    } catch (error) {
      if (hasCode(error, "ResourceNotFound")) return undefined;
      throw during(`reading Lambda Function URL (${id})`, error);
    }
  },

  async update({ id, planned, changed }, scope) {
    if (changed.size === 0) return;
    try {
      const command = new UpdateFunctionUrlConfigCommand(settingsOf(planned));
      await scope.aws.lambda.send(command, { abortSignal: scope.signal });
    } catch (error) {
      throw during(`updating Lambda Function URL (${id})`, error);
    }
  },

  async delete(id, _state, scope) {
    try {
      const command = new DeleteFunctionUrlConfigCommand({ FunctionName: id });
      await scope.aws.lambda.send(command, { abortSignal: scope.signal });
    } catch (error) {
      if (hasCode(error, "ResourceNotFound")) return;
      throw during(`deleting Lambda Function URL (${id})`, error);
    }
  },
};

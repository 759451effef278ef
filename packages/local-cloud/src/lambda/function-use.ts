import type { FunctionUse } from "../function-use.ts";
import { AwsError } from "../service.ts";
import type { LambdaContext } from "./context.ts";
import type { LambdaFunction } from "./function-state.ts";
import { deadlineOf, requireActive } from "./invoke.ts";

interface Statement {
  readonly Action?: string;
  readonly Principal?: { readonly Service?: string };
  readonly Condition?: { readonly ArnLike?: Readonly<Record<string, string>> };
}

const actions: ReadonlySet<string | undefined> = new Set(["lambda:InvokeFunction", "lambda:*"]);

const pattern = (arn: string): RegExp =>
  new RegExp(
    `^${arn
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );

const allows = (statement: Statement, service: string, sourceArn: string): boolean => {
  const source = statement.Condition?.ArnLike?.["AWS:SourceArn"];
  return (
    statement.Principal?.Service === service &&
    actions.has(statement.Action) &&
    (source === undefined || pattern(source).test(sourceArn))
  );
};

/** A function that is not there permits nothing: whoever may not call it is not told that it is missing. */
function found(context: LambdaContext, region: string, arn: string): LambdaFunction | undefined {
  try {
    return context.store.get(region, arn);
  } catch (error) {
    if (error instanceof AwsError && error.code === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

export const functionUse = (context: LambdaContext): FunctionUse => ({
  permits({ region, functionArn, service, sourceArn }) {
    const lambda = found(context, region, functionArn);
    return [...(lambda?.permissions.values() ?? [])].some((statement) =>
      allows(statement, service, sourceArn),
    );
  },

  async call(region, functionArn, event, signal) {
    const lambda = context.store.get(region, functionArn);
    requireActive(lambda);
    const { functionError, payload } = await context.runtime.invoke(
      region,
      lambda.name,
      Buffer.from(JSON.stringify(event)),
      AbortSignal.any([signal, deadlineOf(lambda)]),
    );
    if (functionError !== undefined) throw new Error(Buffer.from(payload).toString("utf8"));
  },
});

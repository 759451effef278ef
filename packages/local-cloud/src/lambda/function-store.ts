import { PerRegion } from "../per-region.ts";
import { AwsError } from "../service.ts";
import { functionArn, type LambdaFunction, notModelled } from "./function-state.ts";

/** Functions of every Region, by name. */
export class FunctionStore {
  readonly #regions = new PerRegion<Map<string, LambdaFunction>>(() => new Map());

  in(region: string): Map<string, LambdaFunction> {
    return this.#regions.in(region);
  }

  /** By name, partial ARN or ARN; the only version is `$LATEST`. Throws `ResourceNotFoundException`. */
  get(region: string, reference: string | undefined): LambdaFunction {
    const [, arnRegion, name = "", qualifier] =
      /^(?:arn:aws:lambda:([a-z0-9-]+):\d{12}:function:|\d{12}:function:)?([^:]+)(?::(.+))?$/.exec(
        reference ?? "",
      ) ?? [];
    if (qualifier !== undefined && qualifier !== "$LATEST")
      throw notModelled("versions and aliases");
    const found =
      arnRegion === undefined || arnRegion === region ? this.in(region).get(name) : undefined;
    if (!found)
      throw new AwsError(
        "ResourceNotFoundException",
        `Function not found: ${functionArn(arnRegion ?? region, name)}`,
        404,
      );
    return found;
  }
}

import type { ApiModel, OperationModel } from "./api-model.ts";

/** A trailing slash is optional: SDKs of some languages write it. */
const segments = (path: string): readonly string[] =>
  path
    .split("?")[0]
    ?.split("/")
    .filter((segment) => segment !== "") ?? [];

const isLabel = (segment: string): boolean => segment.startsWith("{");

const labelCount = (operation: OperationModel): number =>
  segments(operation.http?.[1] ?? "").filter(isLabel).length;

/** Labels of a path by member name, or undefined when it does not fit the template. */
export function matchPath(
  template: string,
  path: string,
): Readonly<Record<string, string>> | undefined {
  const expected = segments(template);
  const actual = segments(path);
  if (expected.length !== actual.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const found = actual[index] ?? "";
    if (isLabel(segment)) labels[segment.replace(/[{}+]/g, "")] = decodeURIComponent(found);
    else if (segment !== found) return undefined;
  }
  return labels;
}

/** Literal segments win over labels. */
export const routeOf = (
  model: ApiModel,
  method: string,
  path: string,
): OperationModel | undefined =>
  [...model.operations.values()]
    .filter(({ http }) => http?.[0] === method && matchPath(http[1], path) !== undefined)
    .sort((one, other) => labelCount(one) - labelCount(other))[0];

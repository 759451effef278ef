import type { Dimension } from "@aws-sdk/client-cloudwatch";

export const dimensionsOf = (
  dimensions: readonly Dimension[] | undefined,
): Readonly<Record<string, string>> =>
  Object.fromEntries((dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]));

export const dimensionList = (
  dimensions: Readonly<Record<string, string>>,
): { Name: string; Value: string }[] =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

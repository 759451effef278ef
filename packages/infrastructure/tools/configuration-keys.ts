import { parse } from "yaml";
import { table } from "./table.ts";

interface DeclaredKey {
  readonly type: string;
  readonly default?: unknown;
  readonly description: string;
}

const value = ({ type, default: preset }: DeclaredKey): string => {
  if (preset === undefined) return "none";
  if (type === "object") return "empty";
  return preset === "" ? "empty" : `\`"${preset}"\``;
};

/** Every key that Pulumi.yaml declares, which the engine holds each stack file to before the program runs. */
export function keyTable(pulumiYaml: string): string {
  const { config } = parse(pulumiYaml) as {
    readonly config: Readonly<Record<string, DeclaredKey>>;
  };
  const rows = Object.entries(config)
    .map(([key, declared]) => ({ key: key.replace(/^standby:/, ""), declared }))
    .sort((one, other) => one.key.localeCompare(other.key))
    .map(({ key, declared }) => [
      `\`${key}\``,
      declared.type,
      value(declared),
      declared.description,
    ]);
  return table(["key", "type", "default", "what it is"], rows);
}

/** What the engine's family says of a parameter. */
export interface ParameterDefinition {
  readonly applyType: "dynamic" | "static";
  readonly dataType: "string" | "integer" | "boolean" | "float";
  readonly defaultValue?: string;
  readonly allowedValues?: string;
}

const flag: ParameterDefinition = {
  applyType: "dynamic",
  dataType: "boolean",
  allowedValues: "0,1",
};

/** The parameters that matter to replication, fencing and access; any other name is taken as a dynamic text. */
const definitions: Readonly<Record<string, ParameterDefinition>> = {
  binlog_format: {
    applyType: "dynamic",
    dataType: "string",
    defaultValue: "ROW",
    allowedValues: "ROW,STATEMENT,MIXED",
  },
  character_set_server: { applyType: "dynamic", dataType: "string" },
  enforce_gtid_consistency: {
    applyType: "static",
    dataType: "string",
    defaultValue: "OFF",
    allowedValues: "OFF,ON,WARN",
  },
  event_scheduler: { applyType: "dynamic", dataType: "string", allowedValues: "ON,OFF" },
  "gtid-mode": {
    applyType: "static",
    dataType: "string",
    defaultValue: "OFF_PERMISSIVE",
    allowedValues: "OFF,OFF_PERMISSIVE,ON_PERMISSIVE,ON",
  },
  lower_case_table_names: { applyType: "static", dataType: "integer", allowedValues: "0,1" },
  max_connections: { applyType: "dynamic", dataType: "integer" },
  performance_schema: { ...flag, applyType: "static" },
  read_only: {
    applyType: "dynamic",
    dataType: "boolean",
    defaultValue: "{TrueIfReplica}",
    allowedValues: "0,1,{TrueIfReplica}",
  },
  require_secure_transport: { ...flag, defaultValue: "1" },
  slow_query_log: flag,
  time_zone: { applyType: "dynamic", dataType: "string" },
};

const unknown: ParameterDefinition = { applyType: "dynamic", dataType: "string" };

export const definitionOf = (name: string): ParameterDefinition => definitions[name] ?? unknown;

export const definedNames: readonly string[] = Object.keys(definitions);

/** What every instance runs with unless its group says otherwise. */
export const defaultParameters: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(definitions).flatMap(([name, { defaultValue }]) =>
    defaultValue === undefined ? [] : [[name, defaultValue]],
  ),
);

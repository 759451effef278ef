/** The fields of the secret's value, as the RDS rotation functions use them. */
export interface DatabaseSecret {
  readonly engine: "mysql";
  /** The CNAME, never an RDS endpoint. */
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly dbname: string;
}

/** Why a value is not a database secret: names the key, never the value. */
export interface DatabaseSecretProblem {
  readonly key: keyof DatabaseSecret | "(value)";
  readonly reason: string;
}

/**
 * Reads the JSON text of a database secret. The rotation functions write `port` as a number or as a text: both are read.
 * The problems name keys only, so that they can be logged.
 */
export function parseDatabaseSecret(
  text: string,
): { readonly secret: DatabaseSecret } | { readonly problems: readonly DatabaseSecretProblem[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problems: [{ key: "(value)", reason: "is not JSON" }] };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { problems: [{ key: "(value)", reason: "is not a JSON object" }] };
  const fields = value as Readonly<Record<string, unknown>>;
  const problems: DatabaseSecretProblem[] = [];
  const string = (key: "host" | "username" | "password" | "dbname"): string => {
    const field = fields[key];
    if (typeof field === "string" && field !== "") return field;
    problems.push({ key, reason: field === undefined ? "is missing" : "must be a non-empty text" });
    return "";
  };
  const port = Number(fields["port"] ?? 3306);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    problems.push({ key: "port", reason: "must be a port number" });
  if (fields["engine"] !== undefined && fields["engine"] !== "mysql")
    problems.push({ key: "engine", reason: 'must be "mysql"' });
  const secret: DatabaseSecret = {
    engine: "mysql",
    host: string("host"),
    port,
    username: string("username"),
    password: string("password"),
    dbname: string("dbname"),
  };
  return problems.length > 0 ? { problems } : { secret };
}

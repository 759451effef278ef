/** The environment variables by which the program tells a function where it stands. */
export const functionEnvironment = {
  /** ARN of the Region's own copy of the secret. */
  secretName: "SECRET_NAME",
  regionName: "REGION_NAME",
  /** Allowed targets of the CNAME, see `databaseHostPattern`. */
  databaseHosts: "DATABASE_HOSTS",
} as const;

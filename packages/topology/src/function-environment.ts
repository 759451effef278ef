/** The environment variables by which the program tells a function where it stands. */
export const functionEnvironment = {
  /** ARN of the Region's own copy of the secret. */
  secretName: "SECRET_NAME",
  regionName: "REGION_NAME",
  /** Allowed targets of the CNAME, see `databaseHostPattern`. */
  databaseHosts: "DATABASE_HOSTS",
  /** Probe only: address of the Region's own database. */
  databaseAddress: "DATABASE_ADDRESS",
  /** Probe of the recovery Region only: where it keeps the record of the lag. */
  recoveryBucket: "RECOVERY_BUCKET",
  /** Rotation function only: ARN of the Region's own copy of the admin secret, when there is one. */
  adminSecretName: "ADMIN_SECRET_NAME",
  /** Rotation function only: a `RotationStrategy`. */
  rotationStrategy: "ROTATION_STRATEGY",
  /** Rotation function only: the user that the application gets in place of the master user. */
  applicationUsername: "APPLICATION_USERNAME",
} as const;

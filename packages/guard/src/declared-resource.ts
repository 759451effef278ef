/** Inputs of a resource by name. Secrets are masked or encrypted by the engine before they get here. */
export type Inputs = Readonly<Record<string, unknown>>;

/** A resource as the program declares it. */
export interface DeclaredResource {
  /** Such as `aws:rds/instance:Instance`. */
  readonly type: string;
  /** The engine refuses to delete or replace it. */
  readonly protect: boolean;
  readonly inputs: Inputs;
}

/** The types that the rules speak of. */
export const types = {
  database: "aws:rds/instance:Instance",
  parameterGroup: "aws:rds/parameterGroup:ParameterGroup",
  subnetGroup: "aws:rds/subnetGroup:SubnetGroup",
  secret: "aws:secretsmanager/secret:Secret",
  key: "aws:kms/key:Key",
  zone: "aws:route53/zone:Zone",
  record: "aws:route53/record:Record",
  bucket: "aws:s3/bucket:Bucket",
  network: "aws:ec2/vpc:Vpc",
} as const;

const nouns: Readonly<Record<string, string>> = {
  [types.database]: "database",
  [types.parameterGroup]: "parameter group",
  [types.subnetGroup]: "subnet group",
  [types.secret]: "secret",
  [types.key]: "KMS key",
  [types.zone]: "hosted zone",
  [types.record]: "record",
  [types.bucket]: "bucket",
  [types.network]: "VPC",
};

export const nounOf = (type: string): string => nouns[type] ?? type;

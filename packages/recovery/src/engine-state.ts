/** What an export of a stack's state says of its resources: never their properties. */
export interface StackState {
  readonly resources: readonly {
    readonly urn: string;
    readonly type: string;
    readonly id: string | undefined;
  }[];
  /** Operations of an update that was killed. */
  readonly pendingOperations: readonly { readonly urn: string; readonly operation: string }[];
}

interface Export {
  readonly deployment?: {
    readonly resources?: readonly {
      readonly urn: string;
      readonly type: string;
      readonly id?: string;
    }[];
    readonly pending_operations?: readonly {
      readonly type: string;
      readonly resource: { readonly urn: string };
    }[];
  };
}

export function readState(text: string): StackState {
  const { deployment = {} } = JSON.parse(text) as Export;
  return {
    resources: (deployment.resources ?? []).map(({ urn, type, id }) => ({ urn, type, id })),
    pendingOperations: (deployment.pending_operations ?? []).map(({ type, resource }) => ({
      urn: resource.urn,
      operation: type,
    })),
  };
}

export const instanceType = "aws:rds/instance:Instance";
export const parameterGroupType = "aws:rds/parameterGroup:ParameterGroup";
export const subnetGroupType = "aws:rds/subnetGroup:SubnetGroup";
export const securityGroupType = "aws:ec2/securityGroup:SecurityGroup";
export const recordType = "aws:route53/record:Record";

/** The databases of a stack: refreshed before each move, because a promotion by the API is news to the state. */
export const databaseUrns = ({ resources }: StackState): readonly string[] =>
  resources
    .filter(({ type }) => type === instanceType || type === parameterGroupType)
    .map(({ urn }) => urn);

export const recordUrns = ({ resources }: StackState): readonly string[] =>
  resources.filter(({ type }) => type === recordType).map(({ urn }) => urn);

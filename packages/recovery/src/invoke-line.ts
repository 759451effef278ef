interface Invocation {
  readonly functionName: string;
  readonly region: string;
  readonly payload: object;
}

/**
 * The AWS CLI line that asks a function and prints its answer. Version 2 of the CLI takes a payload on the command line for base64, and
 * version 1 does not know the option that says otherwise: read from a file with `fileb://` it is the same bytes for both.
 */
export const invokeLine = ({ functionName, region, payload }: Invocation): string =>
  `aws lambda invoke --function-name ${functionName} --region ${region} --payload fileb:///dev/stdin /dev/stdout <<<'${JSON.stringify(payload)}'`;

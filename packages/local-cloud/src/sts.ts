import type { GetCallerIdentityRequest, GetCallerIdentityResponse } from "@aws-sdk/client-sts";
import { operation } from "./operation.ts";
import type { Service } from "./service.ts";

/** STS: who am I. */
export const createSts = (): Service => ({
  name: "sts",
  operations: {
    GetCallerIdentity: operation<GetCallerIdentityRequest, GetCallerIdentityResponse>(
      (_input, { accountId, principal }) => ({
        Account: accountId,
        Arn: principal,
        UserId: principal.split("/").slice(1).join(":"),
      }),
    ),
  },
});

import { GetChangeCommand } from "@aws-sdk/client-route-53";
import type { Scope } from "../resource-handler.ts";
import { untilState } from "../waiting.ts";

const withoutPrefix = (id: string): string => id.replace(/^\/(change|hostedzone)\//, "");

/** `/hostedzone/Z1` and `Z1` are the same zone. */
export const bareZoneId = withoutPrefix;

/** Until every name server of Route 53 answers with the change. */
export const untilInSync = async (changeId: string | undefined, scope: Scope): Promise<void> => {
  if (changeId === undefined) return;
  await untilState(
    {
      look: async () => {
        const command = new GetChangeCommand({ Id: withoutPrefix(changeId) });
        const answer = await scope.aws.route53.send(command, { abortSignal: scope.signal });
        return answer.ChangeInfo?.Status;
      },
      targets: ["INSYNC"],
      pending: ["PENDING"],
      waiter: scope.dials.recordWaiter,
    },
    scope,
  );
};

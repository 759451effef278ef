import { dnsSwitchFunctionName } from "@standby/topology";
import type { MoveContext } from "../move.ts";
import type { Deployment } from "../observation.ts";
import type { Step } from "../step.ts";
import { until } from "../until.ts";

/** Whether a metric of the recovery Region moves the name, and not a change of its record. */
export const isSwitched = ({ recovery }: Pick<Deployment, "recovery">): boolean =>
  recovery.dnsSwitch === "health-check";

/**
 * The steps that move the name: the update of the recovery stack, and with a health check the publication of what it changed, which
 * would otherwise wait for the next minute.
 */
export const movedByUpdate = (
  { deployment }: Pick<MoveContext, "deployment">,
  region: string,
  update: Step<MoveContext>,
): readonly Step<MoveContext>[] =>
  isSwitched(deployment) ? [update, publishStep(region)] : [update];

const publishStep = (region: string): Step<MoveContext> => ({
  id: "publish-name",
  title: `Publish that the name leads to ${region}`,
  byHand: ({ deployment: { recovery } }) => [
    `aws lambda invoke --function-name ${dnsSwitchFunctionName(recovery.service)} --region ${recovery.region} /dev/stdout   ("namedRegion": "${region}"; it does so by itself every minute)`,
  ],
  isDone: async () => false,
  async run(context, report, signal) {
    const { deployment, actions, deadlines } = context;
    try {
      await until(
        {
          ...context,
          signal,
          what: `${dnsSwitchFunctionName(deployment.service)} to publish ${region}`,
          deadlineSeconds: Math.min(publicationSeconds, deadlines.confirmation),
          intervalSeconds: Math.min(1, deadlines.poll),
        },
        async () => ((await actions.publishName(signal)) === region ? true : undefined),
      );
      report(`The metric says ${region}: the health check follows, then resolvers do.`);
    } catch (error) {
      signal.throwIfAborted();
      // Its schedule publishes the same value: what is lost is a minute.
      report(`Not published at once: ${error instanceof Error ? error.message : String(error)}`);
    }
  },
});

/** A function that was just updated may answer with what it was told before. */
const publicationSeconds = 30;

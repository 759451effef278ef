import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeployedPair, deployedPair } from "./support/deployed-pair.ts";

/** When the command is killed: at a line of its progress, or when a call reaches AWS, whoever of its processes makes it. */
type Point = { readonly line: RegExp } | { readonly call: string };

const begun = (title: string): Point => ({ line: new RegExp(`^\\.\\.\\. {3}${title}`) });
const done = (title: string): Point => ({ line: new RegExp(`^ok {4}${title}`) });
const during = (call: string): Point => ({ call });

/**
 * A sample, where a failover can be hurt most: `nx kill-points drill` meets every step of every move. Each run goes on from the one
 * before, so that one deployment meets them all.
 */
const failover: readonly Point[] = [
  during("s3:PutObject"),
  during("rds:AddTagsToResource"),
  during("rds:PromoteReadReplica"),
  done("Write the flags"),
  during("route53:ChangeResourceRecordSets"),
  begun("Prove"),
  done("Prove"),
  begun("Bring prod-west in line"),
];

describe("a command that is killed with -9 and typed again", { timeout: 1_200_000 }, () => {
  let pair: DeployedPair;
  beforeAll(async () => {
    pair = await deployedPair();
  }, 600_000);
  afterAll(async () => {
    await pair?.[Symbol.asyncDispose]();
  });

  /** Resolves with what the run had printed when it was killed. */
  async function killAt(point: Point, words: readonly string[]): Promise<string> {
    const running = pair.start(...words);
    let stop = () => {};
    if ("line" in point) running.onLine((line) => point.line.test(line) && running.kill());
    else
      stop = pair.cloud.onCall(({ service, operation, principal }) => {
        if (`${service}:${operation}` === point.call && principal.endsWith("user/operator"))
          running.kill();
      });
    const { signal, stderr, exitCode } = await running.ended;
    stop();
    expect(signal, `${JSON.stringify(point)} was not met, exit code ${exitCode}:\n${stderr}`).toBe(
      "SIGKILL",
    );
    return stderr;
  }

  async function killEverywhere(points: readonly Point[], words: readonly string[]) {
    for (const point of points) await killAt(point, words);
    const last = await pair.standby(...words);
    expect(last, last.stderr).toMatchObject({ exitCode: 0 });
    expect(await pair.pending("prod-west")).toEqual([]);
  }

  const operatorCalls = (after: number, operation: string) =>
    pair.cloud
      .calls({ after })
      .filter((call) => call.operation === operation && call.principal.endsWith("user/operator"))
      .length;

  it("fails over once, wherever it was killed", async () => {
    await pair.cloud.lose("us-east-1", "hang");
    const after = pair.cloud.calls().length;
    await killEverywhere(failover, ["failover", "--yes", "--accept-data-loss", "unknown"]);
    expect(await pair.recordTarget()).toBe("orders-prod-1 in us-west-2");
    expect(operatorCalls(after, "PromoteReadReplica")).toBe(1);
  });
});

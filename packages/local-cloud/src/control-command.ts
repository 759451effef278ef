// `local-cloud` inside the local cloud's shell: loses and restores Regions, lists the AWS calls, asks for failures.
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { type Asked, askControls, type ControlRequest } from "./controls.ts";
import { type LossMode, lossModes, type ServiceName } from "./outages.ts";
import type { Call } from "./request-log.ts";

async function ask(asked: ControlRequest): Promise<Asked> {
  const folder = process.env["STANDBY_LOCAL_CLOUD"];
  if (!folder)
    throw new Error(
      "This shell is not in a local cloud. Start one with `npm run local-cloud`, or type the `source …/env` line that it printed.",
    );
  return await askControls(folder, asked);
}

const regions = ["us-east-1", "us-west-2"] as const;
const region = () => new Argument("<region>", "the Region").choices(regions);

const positiveInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("must be a whole number from 1");
  return value;
};

function describeCall(call: Call): string {
  const result =
    call.outcome === "answered"
      ? `${call.status ?? ""} ${call.errorCode ?? ""}`.trim()
      : `lost Region: ${call.outcome}`;
  const principal = call.principal.split(":").at(-1) ?? call.principal;
  return [
    call.at,
    call.region.padEnd(9),
    `${call.service}:${call.operation}`.padEnd(44),
    principal.padEnd(32),
    result,
  ].join("  ");
}

const program = new Command("local-cloud")
  .description("Controls the local cloud that this shell works in.")
  .showHelpAfterError();

program
  .command("lose")
  .description("lose a Region: its APIs fail, its databases and functions are gone for everyone")
  .addArgument(region())
  .addOption(new Option("--how <how>", "how its APIs fail").choices(lossModes).default("hang"))
  .action(async (name: string, options: { how: LossMode }) => {
    await ask({ command: "lose", region: name, mode: options.how });
    process.stderr.write(
      `${name} is lost (${options.how}). Bring it back with: local-cloud restore ${name}\n`,
    );
  });

program
  .command("restore")
  .description("bring a lost Region back with the data that it had")
  .addArgument(region())
  .action(async (name: string) => {
    await ask({ command: "restore", region: name });
    process.stderr.write(`${name} is back.\n`);
  });

program
  .command("lose-route53")
  .description(
    "take Route 53's control plane away: no record changes; names are answered all the same",
  )
  .addOption(new Option("--how <how>", "how its API fails").choices(lossModes).default("5xx"))
  .action(async (options: { how: LossMode }) => {
    await ask({ command: "lose-route53", mode: options.how });
    process.stderr.write(
      `Route 53's control plane is down (${options.how}). Bring it back with: local-cloud restore-route53\n`,
    );
  });

program
  .command("restore-route53")
  .description("bring Route 53's control plane back")
  .action(async () => {
    await ask({ command: "restore-route53" });
    process.stderr.write("Route 53's control plane is back.\n");
  });

program
  .command("notifications")
  .description("list what alarms sent to topics so far, oldest first")
  .option("--json", "one JSON document on stdout")
  .action(async (options: { json?: true }) => {
    const { notifications } = await ask({ command: "notifications" });
    if (options.json) process.stdout.write(`${JSON.stringify(notifications)}\n`);
    else if (notifications.length === 0) process.stderr.write("no notifications\n");
    else
      for (const { at, subject, topicArn } of notifications)
        process.stdout.write(`${at}  ${subject}  -> ${topicArn}\n`);
  });

program
  .command("calls")
  .description("list the AWS calls so far, oldest first")
  .option("--region <region>", "only those that were sent to this Region")
  .addOption(new Option("--since <event>", "only those after the latest loss").choices(["lose"]))
  .option("--json", "one JSON document on stdout")
  .action(async (options: { region?: string; since?: "lose"; json?: true }) => {
    const { calls } = await ask({
      command: "calls",
      sinceLoss: options.since === "lose",
      ...(options.region !== undefined && { region: options.region }),
    });
    if (options.json) process.stdout.write(`${JSON.stringify(calls)}\n`);
    else if (calls.length === 0) process.stderr.write("no calls\n");
    else process.stdout.write(`${calls.map(describeCall).join("\n")}\n`);
  });

program
  .command("fail")
  .description(
    "make the next calls of one operation fail, for example: fail rds PromoteReadReplica --later",
  )
  .argument("<service>", "for example rds")
  .argument("<operation>", "for example PromoteReadReplica")
  .option("--region <region>", "only in this Region")
  .option("--times <n>", "how many calls", positiveInteger, 1)
  .option("--later", "accept the call, and let what it started not come about")
  .option(
    "--code <code>",
    "AWS error code of the refusal, with HTTP status 400: not tried again by clients",
    "AccessDenied",
  )
  .action(
    async (
      service: string,
      operation: string,
      options: { region?: string; times: number; later?: true; code: string },
    ) => {
      await ask({
        command: "fail",
        fault: {
          service: service as ServiceName,
          operation,
          times: options.times,
          kind: options.later ? "fail-later" : "refuse",
          ...(options.region !== undefined && { region: options.region }),
          ...(!options.later && { errorCode: options.code }),
        },
      });
    },
  );

await program.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});

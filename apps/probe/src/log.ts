import type { ProbeReply } from "@standby/topology";

/** One line of JSON, which CloudWatch Logs can filter: that something was asked and how it ended, never what was answered. */
export function logAnswer(
  facts: Readonly<Record<string, string | number>>,
  reply: ProbeReply<object>,
): void {
  const line = {
    time: new Date().toISOString(),
    level: reply.ok ? "info" : "error",
    message: "probe",
    ...facts,
    ...(reply.ok ? {} : { failure: reply.failure }),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

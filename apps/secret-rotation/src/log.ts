/** One line of JSON, which CloudWatch Logs can filter: what was asked and how it ended, never a value. */
export function log(level: "info" | "error", facts: Readonly<Record<string, unknown>>): void {
  const line = { time: new Date().toISOString(), level, message: "rotation", ...facts };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

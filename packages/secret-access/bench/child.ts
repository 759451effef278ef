import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("measure.ts", import.meta.url));

/** Runs one measurement in a process of its own; `onReady` is called when the child waits for it. Undefined: it crashed. */
export function measure<Result>(
  task: string,
  subject: string,
  endpoint: string,
  onReady?: () => void,
): Promise<Result | undefined> {
  const child = fork(script, [task, subject], {
    execArgv: ["--expose-gc", "--no-warnings"],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: "us-west-2",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    },
  });
  return new Promise((resolve) => {
    let result: Result | undefined;
    child.on("message", (message: { readonly ready?: true; readonly result?: Result }) => {
      if (message.ready) {
        onReady?.();
        child.send("go");
      } else result = message.result;
    });
    child.on("exit", () => resolve(result));
  });
}

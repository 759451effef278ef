import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import type grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/language_pb.js";

type Request = InstanceType<typeof messages.RunPluginRequest>;
type Call = grpc.ServerWritableStream<Request, InstanceType<typeof messages.RunPluginResponse>>;

/** Runs a policy pack for the engine, which reads its port from the output, and ends it when the engine lets go. */
export function runPlugin(call: Call, processes: Set<ChildProcess>): void {
  const { request } = call;
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  if (request.getKind() !== "analyzer") {
    call.destroy(
      new Error(`The local language host runs policy packs, and no ${request.getKind()}.`),
    );
    return;
  }
  const child = spawn(
    process.execPath,
    [
      createRequire(`${folder}/`).resolve("@pulumi/pulumi/cmd/run-policy-pack"),
      ...request.getArgsList(),
      folder,
    ],
    {
      cwd: folder,
      env: { ...process.env, ...variablesOf(request) },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  processes.add(child);
  const answer = (fill: (response: InstanceType<typeof messages.RunPluginResponse>) => void) => {
    const response = new messages.RunPluginResponse();
    fill(response);
    call.write(response);
  };
  child.stdout.on("data", (piece: Buffer) => answer((response) => response.setStdout(piece)));
  child.stderr.on("data", (piece: Buffer) => answer((response) => response.setStderr(piece)));
  child.once("error", (error) => call.destroy(error));
  child.once("close", (code) => {
    processes.delete(child);
    answer((response) => response.setExitcode(code ?? 1));
    call.end();
  });
  call.on("cancelled", () => child.kill("SIGKILL"));
}

const variablesOf = (request: Request): Readonly<Record<string, string>> =>
  Object.fromEntries(
    request.getEnvList().map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );

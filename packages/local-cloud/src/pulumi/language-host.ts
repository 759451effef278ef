// The engine starts this as `pulumi-language-nodejs`: it prints its port and runs Node.js programs for the engine, with the very
// Node.js that runs this file. The language host that can be built from Go modules is years old: it refuses resource hooks, drops
// `typescript: false` and stays behind when the engine is killed.
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { runPlugin } from "./plugin-runner.ts";

type RunRequest = InstanceType<typeof messages.RunRequest>;

/** `@pulumi/pulumi/cmd/run` exits with this status when it has shown the error itself. */
const errorAlreadyShown = 32;

/** Programs and policy packs that run now. */
const programs = new Set<ChildProcess>();

let engineAddress = process.argv.slice(2).findLast((argument) => !argument.startsWith("-")) ?? "";

function runArguments(request: RunRequest): string[] {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() || request.getPwd();
  const options: Record<string, unknown> = info?.getOptions()?.toJavaScript() ?? {};
  const nodeArguments = String(options["nodeargs"] ?? "")
    .split(/\s+/)
    .filter(Boolean);
  const flags: readonly (readonly [string, string])[] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engineAddress],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["stack", request.getStack()],
    ["pwd", request.getPwd()],
    ["root-directory", info?.getRootDirectory() ?? ""],
    ["parallel", String(request.getParallel())],
  ];
  return [
    "--require",
    join(import.meta.dirname, "quick-start.cts"),
    ...nodeArguments,
    createRequire(`${folder}/`).resolve("@pulumi/pulumi/cmd/run"),
    ...flags.flatMap(([name, value]) => (value ? [`--${name}`, value] : [])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() || request.getProgram() || ".",
    ...request.getArgsList(),
  ];
}

function run(request: RunRequest): Promise<InstanceType<typeof messages.RunResponse>> {
  const options: Record<string, unknown> = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
  const child = spawn(process.execPath, runArguments(request), {
    stdio: "inherit",
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      ...(options["typescript"] !== false && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    },
  });
  programs.add(child);
  child.once("exit", () => programs.delete(child));
  return new Promise((resolve) => {
    const answer = (error: string, bail: boolean) => {
      const response = new messages.RunResponse();
      response.setError(error);
      response.setBail(bail);
      resolve(response);
    };
    child.on("error", (error) => answer(`could not start Node.js: ${error.message}`, false));
    child.on("exit", (code, signal) => {
      if (code === 0) answer("", false);
      else if (code === errorAlreadyShown) answer("", true);
      else answer(`the program ended with ${signal ?? `exit code ${code}`}`, false);
    });
  });
}

type Answer = (error: grpc.ServiceError | null, response?: unknown) => void;

const unary =
  <Request>(answer: (request: Request) => unknown) =>
  (call: { readonly request: Request }, callback: Answer): void => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => callback(null, response),
        (error: Error) =>
          callback(
            Object.assign(new Error(error.message), {
              code: grpc.status.UNKNOWN,
              details: error.message,
              metadata: new grpc.Metadata(),
            }),
          ),
      );
  };

const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
server.addService(services.LanguageRuntimeService, {
  run: unary(run),
  runPlugin: (call: Parameters<typeof runPlugin>[0]) => runPlugin(call, programs),
  handshake: unary((request: InstanceType<typeof messages.LanguageHandshakeRequest>) => {
    engineAddress = request.getEngineAddress();
    return new messages.LanguageHandshakeResponse();
  }),
  getPluginInfo: unary(() => {
    const info = new plugin.PluginInfo();
    info.setVersion("0.0.0");
    return info;
  }),
  getRequiredPackages: unary(() => new messages.GetRequiredPackagesResponse()),
  getProgramDependencies: unary(() => new messages.GetProgramDependenciesResponse()),
  runtimeOptionsPrompts: unary(() => new messages.RuntimeOptionsResponse()),
  about: unary(() => {
    const about = new messages.AboutResponse();
    about.setExecutable(process.execPath);
    about.setVersion(process.version);
    return about;
  }),
  cancel: unary(() => new empty.Empty()),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

// A killed engine gives no other sign. Its program would not notice either: it goes on calling an engine that is not there.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid === parent) return;
  for (const program of programs) program.kill("SIGKILL");
  process.exit(1);
}, 200).unref();

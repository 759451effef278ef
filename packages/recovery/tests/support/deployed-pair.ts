import { Resolver } from "node:dns/promises";
import { type DatabaseKind, type LocalCloud, startLocalCloud } from "@standby/local-cloud";
import { execa } from "execa";

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The signal that ended it, if one did. */
  readonly signal: string | undefined;
}

/** A command's own process, to be watched and killed. */
interface RunningStandby {
  readonly ended: Promise<Ended>;
  kill(): void;
  /** Called with each line of progress. */
  onLine(listener: (line: string) => void): void;
}

/** Both stacks on a local cloud of their own, and the `standby` command as a person runs it there. */
export interface DeployedPair extends AsyncDisposable {
  readonly cloud: LocalCloud;
  standby(...words: readonly string[]): Promise<Ended>;
  /** The same with other environment variables than a person has here. */
  standbyWith(
    environment: Readonly<Record<string, string>>,
    ...words: readonly string[]
  ): Promise<Ended>;
  start(...words: readonly string[]): RunningStandby;
  pulumi(
    ...words: readonly string[]
  ): Promise<{ readonly exitCode: number; readonly text: string }>;
  /** Number of operations that an update of the stack would carry out. */
  pending(stack: string): Promise<readonly string[]>;
  /** `<identifier> in <region>`, by DNS. */
  recordTarget(): Promise<string>;
  /** All of the operator's calls, as `<service>:<operation>`. */
  operatorCalls(): readonly string[];
  /** The operator's calls since the last loss, as `<region> <service>:<operation>`. */
  callsSinceLoss(): readonly string[];
}

const commandTimeoutMilliseconds = 240_000;

interface DeployOptions {
  /** Default: as the local cloud chooses. */
  readonly database?: DatabaseKind;
  /** What is there before the first update. */
  readonly prepare?: (cloud: LocalCloud) => Promise<void>;
}

export async function deployedPair({
  prepare,
  ...choice
}: DeployOptions = {}): Promise<DeployedPair> {
  const cloud = await startLocalCloud(choice);
  try {
    await prepare?.(cloud);
    const pair = typingIn(cloud);
    for (const stack of ["prod-east", "prod-west", "prod-east"]) {
      const { exitCode, text } = await pair.pulumi("up", "-s", stack, "--yes", "--skip-preview");
      if (exitCode !== 0) throw new Error(`pulumi up -s ${stack} failed:\n${text}`);
    }
    return pair;
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

function typingIn(cloud: LocalCloud): DeployedPair {
  const options = {
    cwd: cloud.projectFolder,
    env: cloud.environment,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: commandTimeoutMilliseconds,
  } as const;
  const pulumi: DeployedPair["pulumi"] = async (...words) => {
    const command = [...words, "--non-interactive", "--color", "never"];
    const { exitCode = -1, all } = await execa("pulumi", command, { ...options, all: true });
    return { exitCode, text: all };
  };
  const startWith = (
    environment: Readonly<Record<string, string>>,
    words: readonly string[],
  ): RunningStandby => {
    // Not the shell script of the same name: a signal has to meet the process itself.
    const child = execa(process.execPath, [cliEntry, ...words], {
      ...options,
      env: { ...options.env, ...environment },
    });
    const listeners: ((line: string) => void)[] = [];
    let rest = "";
    child.stderr.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString("utf8")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) for (const listener of listeners) listener(line);
    });
    return {
      kill: () => void child.kill("SIGKILL"),
      onLine: (listener) => void listeners.push(listener),
      ended: child.then(({ exitCode = -1, stdout, stderr, signal }) => ({
        exitCode,
        stdout,
        stderr,
        signal,
      })),
    };
  };
  return {
    cloud,
    pulumi,
    start: (...words) => startWith({}, words),
    standby: (...words) => startWith({}, words).ended,
    standbyWith: (environment, ...words) => startWith(environment, words).ended,
    async pending(stack) {
      const { stdout } = await execa(
        "pulumi",
        ["preview", "-s", stack, "--json", "--non-interactive"],
        options,
      );
      const { steps = [] } = JSON.parse(stdout) as {
        readonly steps?: readonly { readonly op: string; readonly urn: string }[];
      };
      return steps
        .filter(
          ({ op, urn }) =>
            !["same", "read"].includes(op) && !urn.includes("::pulumi:pulumi:StackReference::"),
        )
        .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
    },
    async recordTarget() {
      const resolver = new Resolver({ timeout: 2_000, tries: 1 });
      resolver.setServers([`${cloud.dnsServer.address}:${cloud.dnsServer.port}`]);
      const [target = ""] = await resolver.resolveCname("db.orders.internal");
      const [identifier, , region] = target.split(".");
      return `${identifier} in ${region}`;
    },
    operatorCalls: () =>
      cloud
        .calls()
        .filter(({ principal }) => principal.endsWith("user/operator"))
        .map(({ service, operation }) => `${service}:${operation}`),
    callsSinceLoss: () =>
      cloud
        .calls(cloud.lastLoss === undefined ? {} : { after: cloud.lastLoss })
        .filter(({ principal }) => principal.endsWith("user/operator"))
        .map(({ region, service, operation }) => `${region} ${service}:${operation}`),
    [Symbol.asyncDispose]: () => cloud.close(),
  };
}

const cliEntry = new URL("../../../../apps/cli/src/standby.ts", import.meta.url).pathname;

import { Resolver } from "node:dns/promises";
import { type Call, type LocalCloud, startLocalCloud } from "@standby/local-cloud";
import { execa } from "execa";

export interface Run {
  readonly exitCode: number;
  /** Both streams, as a person sees them. */
  readonly text: string;
}

/** The engine's own process: nothing stands between it and a signal. */
interface RunningUpdate {
  kill(): void;
  /** The signal that ended it, if one did. */
  readonly ended: Promise<string | undefined>;
}

interface PlannedStep {
  readonly operation: string;
  readonly type: string;
  readonly changed: readonly string[];
}

/** Both stacks on a local cloud of their own, and what a person types at them. */
export interface Pair extends AsyncDisposable {
  readonly cloud: LocalCloud;
  pulumi(...words: readonly string[]): Promise<Run>;
  /** Starts what is to be killed. */
  start(...words: readonly string[]): RunningUpdate;
  /** The exit code of `pulumi preview --expect-no-changes`: 0 when there is nothing to do. */
  expectNoChanges(stack: string): Promise<Run>;
  /** What `pulumi preview -s <stack>` would do, without the steps that change nothing. */
  preview(stack: string): Promise<readonly PlannedStep[]>;
  /** The update as a person types it, without the preview: with every warning and error that it prints. */
  up(stack: string, ...words: readonly string[]): Promise<Run>;
  setFlag(flag: "failover" | "readOnlyFailover", value: boolean): Promise<void>;
  /** Types `pulumi config set` for each of these keys. */
  configure(stack: string, values: Readonly<Record<string, string>>): Promise<void>;
  /** What the stack's state holds of its own. */
  state(stack: string): Promise<readonly unknown[]>;
  /** Identifier and Region of the database that the CNAME names, by DNS. */
  recordTarget(): Promise<string>;
  /** Everything that the engine has printed so far. */
  readonly transcript: readonly string[];
  /** The operator's calls so far, in order, as `<service>:<operation>`. */
  operations(filter?: { readonly region?: string; readonly after?: number }): readonly string[];
}

const upTimeoutMilliseconds = 300_000;

interface PreviewDocument {
  readonly steps?: readonly {
    readonly op: string;
    readonly urn: string;
    readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
  }[];
}

interface StackExport {
  readonly deployment: { readonly resources: readonly { readonly external?: boolean }[] };
}

/** Stack references and the copies of the secret are read anew by every run, and forgotten by one that does not read them. */
const unchanging: readonly string[] = ["same", "read", "discard"];

const describeStep = (step: NonNullable<PreviewDocument["steps"]>[number]): PlannedStep => ({
  operation: step.op,
  type: step.urn.split("::")[2]?.split("$").at(-1) ?? step.urn,
  changed: Object.keys(step.detailedDiff ?? {})
    .map((path) => path.replace(/[.[].*$/, ""))
    .sort(),
});

/** What a pair is called: the stacks, and the name of its database. */
export interface PairNames {
  readonly primary: string;
  readonly recovery: string;
  readonly hostName: string;
}

const prod: PairNames = {
  primary: "prod-east",
  recovery: "prod-west",
  hostName: "db.orders.internal",
};

/** A local cloud on which nothing was deployed yet. */
export const openPair = async (): Promise<Pair> => typingIn(await startLocalCloud());

export async function deployPair(): Promise<Pair> {
  const pair = await openPair();
  try {
    await deploy(pair, "prod-east", "prod-west", "prod-east");
    return pair;
  } catch (error) {
    await pair.cloud.close();
    throw error;
  }
}

/** Updates these stacks, one after the other. */
export async function deploy(pair: Pair, ...stacks: readonly string[]): Promise<void> {
  for (const stack of stacks) {
    const run = await pair.up(stack);
    if (run.exitCode !== 0) throw new Error(`pulumi up -s ${stack} failed:\n${run.text}`);
  }
}

/** A pair of a cloud that runs, deployed or not. */
export function typingIn(cloud: LocalCloud, names: PairNames = prod): Pair {
  const options = {
    cwd: cloud.projectFolder,
    env: cloud.environment,
    extendEnv: false,
    reject: false,
    all: true,
    stdin: "ignore",
    timeout: upTimeoutMilliseconds,
  } as const;
  const transcript: string[] = [];
  const run = (...words: readonly string[]) =>
    execa("pulumi", [...words, "--non-interactive"], options);
  const pulumi = async (...words: readonly string[]): Promise<Run> => {
    const result = await run(...words);
    const text = String(result.all);
    transcript.push(text);
    return { exitCode: result.exitCode ?? -1, text };
  };
  const configure: Pair["configure"] = async (stack, values) => {
    for (const [key, value] of Object.entries(values)) {
      const { exitCode, text } = await pulumi("config", "set", key, value, "-s", stack);
      if (exitCode !== 0) throw new Error(text);
    }
  };
  return {
    cloud,
    transcript,
    start(...words) {
      const update = run(...words);
      return {
        kill: () => void update.kill("SIGKILL"),
        ended: update.then(({ signal }) => signal),
      };
    },
    pulumi,
    expectNoChanges: (stack) => pulumi("preview", "-s", stack, "--expect-no-changes"),
    async preview(stack) {
      const { stdout, exitCode, all } = await execa(
        "pulumi",
        ["preview", "-s", stack, "--json", "--non-interactive"],
        options,
      );
      if (exitCode !== 0) throw new Error(`pulumi preview -s ${stack} failed:\n${all}`);
      const document = JSON.parse(stdout) as PreviewDocument;
      return (document.steps ?? []).filter(({ op }) => !unchanging.includes(op)).map(describeStep);
    },
    up: (stack, ...words) => pulumi("up", "-s", stack, "--yes", "--skip-preview", ...words),
    async state(stack) {
      const { text } = await pulumi("stack", "export", "-s", stack);
      // A secret is encrypted anew whenever the state is written.
      const { deployment } = JSON.parse(
        text.replaceAll(/"ciphertext": "[^"]*"/g, '"ciphertext": ""'),
      ) as StackExport;
      // What a stack reference read is dated anew by each run; it is nothing of this stack's.
      return deployment.resources.filter(({ external }) => !external);
    },
    setFlag: (flag, value) => configure(names.recovery, { [flag]: String(value) }),
    configure,
    async recordTarget() {
      const resolver = new Resolver({ timeout: 2_000, tries: 1 });
      resolver.setServers([`${cloud.dnsServer.address}:${cloud.dnsServer.port}`]);
      const [target = ""] = await resolver.resolveCname(names.hostName);
      const [identifier, , region] = target.split(".");
      return `${identifier} in ${region}`;
    },
    operations: (filter = {}) =>
      cloud
        .calls(filter)
        .filter(({ principal }) => principal.endsWith("user/operator"))
        .map(({ service, operation }: Call) => `${service}:${operation}`),
    [Symbol.asyncDispose]: () => cloud.close(),
  };
}

/** Calls that change something. */
export const mutating = (operations: readonly string[]): readonly string[] =>
  operations.filter((operation) =>
    /:(Add|Change|Create|Delete|Modify|Promote|Put|Reboot|Remove|Replicate|Stop|Tag|Untag|Update)/.test(
      operation,
    ),
  );

export const east = "orders-prod-1 in us-east-1";
export const west = "orders-prod-1 in us-west-2";

import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  type Clock,
  type DatabaseKind,
  type LocalCloud,
  type LocalCloudOptions,
  type LossMode,
  startLocalCloud,
  workload as workloadPrincipal,
} from "@standby/local-cloud";
import type { DnsSwitch } from "@standby/topology";
import { upTimeoutSeconds } from "./acts/deploy.ts";
import type { CommandSettings } from "./command-run.ts";
import { withDeadline } from "./deadline.ts";
import type { Answer } from "./dns-watch.ts";
import { drill } from "./drill.ts";
import type { Evidence, Phase } from "./evidence.ts";
import { type CommandOutput, keepEvidence } from "./evidence-folder.ts";
import { History } from "./history.ts";
import type { LagSample } from "./lag-watch.ts";
import { Pulumi } from "./pulumi.ts";
import { buildReport, type DrillReport } from "./report.ts";
import { reportHtml } from "./report-html.ts";
import { drillSeries } from "./report-series.ts";
import { hashStackFiles } from "./stack-files.ts";
import {
  type CourseLength,
  clear,
  type Narrator,
  type Pacing,
  type Stage,
  timed,
} from "./stage.ts";
import { Standby } from "./standby.ts";

export interface DrillOptions {
  /** Default: `fast`. */
  readonly clock?: Clock;
  /** The kind of database server; default: the local cloud's choice. */
  readonly database?: DatabaseKind;
  /** How the lost Region's endpoints behave. Default: `hang`. */
  readonly lossMode?: LossMode;
  /** How the name moves. Default: `record`. */
  readonly dnsSwitch?: DnsSwitch;
  /** Whether Route 53's control plane, which is in us-east-1 too, is lost with the Region. Default: `up`. */
  readonly route53ControlPlane?: "up" | "down";
  readonly pacing?: Partial<Pacing>;
  /** Default: `cycle`; `failover` of a drill that rotates. */
  readonly course?: CourseLength;
  /** Looks at both stacks at every border of two phases. Default: where no command has looked. */
  readonly previews?: boolean;
  /** Rotates the password all through the course, in the Region that may. Default: false. */
  readonly rotate?: boolean;
  /** Keeps the history, the answers, the calls and the engine's output in a folder that the report names. */
  readonly keep?: boolean;
  /** Also writes the report as one page for a browser. */
  readonly htmlFile?: string;
  /** Shows the acts. Default: silence. */
  readonly narrator?: Narrator;
  /** Aborting ends everything that was started, then the drill rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Whose stack files must stay as they are. Default: the project that this package is part of. */
  readonly projectRoot?: string;
}

type StartLocalCloud = (options: LocalCloudOptions) => Promise<LocalCloud>;

const defaultPacing: Pacing = { loadSeconds: 5, afterSeconds: 2, takeoverSeconds: 60 };
const startSeconds = 120;

const silence: Narrator = (_title, work) => work(() => undefined);

interface Notes {
  readonly evidence: Evidence;
  readonly phases: Phase[];
  readonly history: History;
  readonly answers: Answer[];
  readonly lags: LagSample[];
  readonly commands: CommandOutput[];
}

/**
 * Rehearses the loss of us-east-1 on a local cloud and reports what clients, a resolver and the request log saw. A drill that
 * fails half way still returns its report, with `failure`; the local cloud is closed in every case.
 *
 * @throws the signal's reason when it was aborted
 */
export async function runDrillOn(
  start: StartLocalCloud,
  options: DrillOptions = {},
): Promise<DrillReport> {
  const signal = options.signal ?? new AbortController().signal;
  const root = options.projectRoot ?? fileURLToPath(new URL("../../../", import.meta.url));
  const notes = takeNotes(options);
  const { evidence } = notes;
  const before = await hashStackFiles(root);
  try {
    await rehearse(start, options, notes, signal);
  } catch (error) {
    evidence.failure = error instanceof Error ? error.message : String(error);
  }
  signal.throwIfAborted();
  evidence.stackFiles = { before, after: await hashStackFiles(root) };
  const report = buildReport(evidence);
  if (options.htmlFile !== undefined)
    await writeFile(options.htmlFile, reportHtml(report, drillSeries(evidence)));
  if (!options.keep) return report;
  return { ...report, evidenceFolder: await keepEvidence(evidence, report, notes.commands) };
}

function takeNotes({ lossMode = "hang", dnsSwitch = "record", ...options }: DrillOptions): Notes {
  const [phases, answers, lags]: [Phase[], Answer[], LagSample[]] = [[], [], []];
  const history = new History();
  const evidence: Evidence = {
    lossMode,
    dnsSwitch,
    route53IsDown: options.route53ControlPlane === "down",
    primaryRegion: "us-east-1",
    recoveryRegion: "us-west-2",
    workloadPrincipal: workloadPrincipal.arn,
    phases,
    attempts: history.attempts,
    answers,
    lags,
  };
  return { evidence, phases, history, answers, lags, commands: [] };
}

async function rehearse(
  start: StartLocalCloud,
  options: DrillOptions,
  notes: Notes,
  signal: AbortSignal,
): Promise<void> {
  const { evidence, history, answers, lags, phases, commands } = notes;
  const act = timed(options.narrator ?? silence, phases);
  const cloud = await act("Start the local cloud", (say) =>
    withDeadline("the start of the local cloud", startSeconds, signal, (both) =>
      start({
        clock: options.clock ?? "fast",
        ...(options.database && { database: options.database }),
        onProgress: say,
        signal: both,
      }),
    ),
  );
  evidence.dials = cloud.dials;
  evidence.databaseServer = cloud.databaseServerVersion;
  const settings: CommandSettings = {
    projectFolder: cloud.projectFolder,
    environment: cloud.environment,
    signal,
    onOutput: (command, output) => commands.push({ command, output }),
  };
  const pulumi = new Pulumi(settings);
  const standby = new Standby(settings, 2 * upTimeoutSeconds(cloud.dials));
  const pacing = { ...defaultPacing, ...options.pacing };
  const running: Stage["running"] = { clients: [], lagWatches: [], rotations: new Map() };
  const rotates = options.rotate === true;
  const course = options.course ?? (rotates ? "failover" : "cycle");
  const previews = options.previews === true;
  const runners = { cloud, pulumi, standby };
  const told = { evidence, history, answers, lags, running };
  const stage = { act, signal, pacing, ...runners, ...told, course, previews, rotates };
  try {
    await drill(stage);
  } finally {
    await clear(stage);
    // A whole course has looked at them when the first failover was proved.
    if (cloud.lastLoss !== undefined && !evidence.callsAfterLoss)
      evidence.callsAfterLoss = [...cloud.calls({ after: cloud.lastLoss })];
    await cloud.close();
  }
}

/** `runDrillOn` the local cloud. */
export const runDrill = (options: DrillOptions = {}): Promise<DrillReport> =>
  runDrillOn(startLocalCloud, options);

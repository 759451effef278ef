import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalCloud, startLocalCloud } from "@standby/local-cloud";
import type { DrillReport } from "../src/report.ts";
import { reportHtml } from "../src/report-html.ts";
import { reportText } from "../src/report-text.ts";
import { type DrillOptions, runDrillOn } from "../src/run-drill.ts";
import { scanFolder, watchCommandLines } from "./places.ts";
import { PlantedPassword } from "./planted-password.ts";
import { type Answer, asking, questions } from "./questions.ts";
import { type Leak, SecretScan } from "./scan.ts";

export interface ScanResult {
  /** Of the drill itself: a drill that failed half way proves nothing. */
  readonly drillOk: boolean;
  /** Why the drill ended early. */
  readonly failure: string | null;
  readonly passwords: number;
  readonly places: number;
  readonly leaks: readonly Leak[];
  /** For each kind of place, whether the password that was put there on purpose was found: else the scan is blind. */
  readonly planted: Readonly<Record<string, boolean>>;
}

/**
 * MariaDB's binary log has `ALTER USER … IDENTIFIED BY` as it was typed. MySQL, which RDS runs, writes a hash there, so that with MySQL these
 * files are looked into: https://dev.mysql.com/doc/refman/8.4/en/password-logging.html
 */
const holdsStatements = ({ databaseServerVersion }: LocalCloud, path: string): boolean =>
  databaseServerVersion.startsWith("MariaDB") && /\/data\/(binlog|relay)\.\d+$/.test(path);

/** Asks all that while the cloud is there, and looks into every file of it. */
async function listen(cloud: LocalCloud, planted: PlantedPassword): Promise<SecretScan> {
  const answers: Answer[] = [];
  const ask = asking(cloud, answers);
  for (const question of questions) await ask(question);
  await planted.plant(cloud, ask);
  const scan = new SecretScan([planted.text, ...cloud.passwords()]);
  for (const { place, content } of answers) scan.look(place, content);
  // They go with the cloud.
  await scanFolder(
    scan,
    cloud.folder,
    (path) => path === join(cloud.projectFolder, "node_modules") || holdsStatements(cloud, path),
  );
  return scan;
}

async function scanReport(
  scan: SecretScan,
  report: DrillReport,
  htmlFile: string,
  { text }: PlantedPassword,
): Promise<void> {
  const forged = { ...report, failure: `the login by ${text} failed` };
  for (const each of [report, forged]) {
    scan.look("the report as text", reportText(each, { colour: false }));
    scan.look("the report as a page", reportHtml(each, undefined));
  }
  scan.look("the report as a page", await readFile(htmlFile));
  if (report.evidenceFolder) await scanFolder(scan, report.evidenceFolder);
}

/** A drill, and then a look at everything that it printed, wrote, or let others see, for every password that was ever set. */
export async function scannedDrill(
  options: Pick<DrillOptions, "course" | "rotate">,
): Promise<ScanResult> {
  const folder = await mkdtemp(join(tmpdir(), "standby-secrets-"));
  const htmlFile = join(folder, "report.html");
  const processes = watchCommandLines();
  const before = new Set(await readdir(tmpdir()));
  const planted = new PlantedPassword();
  let heard: SecretScan | undefined;
  const start: Parameters<typeof runDrillOn>[0] = async (settings) => {
    const cloud = await startLocalCloud(settings);
    const close = async () => {
      heard = await listen(cloud, planted);
      await cloud.close();
    };
    return new Proxy(cloud, {
      get: (target, name) => (name === "close" ? close : Reflect.get(target, name, target)),
    });
  };
  try {
    const report = await runDrillOn(start, { ...options, keep: true, htmlFile });
    const scan = heard ?? new SecretScan([]);
    await scanReport(scan, report, htmlFile, planted);
    for (const line of await processes.stop()) scan.look("the list of processes", line);
    for (const name of await readdir(tmpdir()))
      if (name.startsWith("standby-") && !before.has(name))
        await scanFolder(scan, join(tmpdir(), name));
    if (report.evidenceFolder) await rm(report.evidenceFolder, { recursive: true, force: true });
    return {
      drillOk: report.ok,
      failure: report.failure,
      passwords: Math.max(0, scan.passwords - 1),
      places: scan.places,
      leaks: scan.leaks.filter(({ password }) => !scan.isNumberOf(password, planted.text)),
      planted: planted.found(scan),
    };
  } finally {
    await processes.stop();
    await planted.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

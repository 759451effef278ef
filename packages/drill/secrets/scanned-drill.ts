import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalCloud, startLocalCloud } from "@standby/local-cloud";
import { execa } from "execa";
import { reportText } from "../src/report-text.ts";
import { runDrillOn } from "../src/run-drill.ts";
import type { CourseLength } from "../src/stage.ts";
import { scanFolder, watchCommandLines } from "./places.ts";
import { type Leak, SecretScan } from "./scan.ts";

export interface ScanResult {
  /** Of the drill itself: a drill that failed half way proves nothing. */
  readonly drillOk: boolean;
  /** Why the drill ended early. */
  readonly failure: string | null;
  readonly passwords: number;
  readonly places: number;
  readonly leaks: readonly Leak[];
  /** Whether the password that was written into a file of the cloud on purpose was found: else the scan is blind. */
  readonly foundPlanted: boolean;
}

/** What a person asks for after it all, each answer a text that may be pasted into a ticket. */
const questions: readonly (readonly string[])[] = [
  ...["prod-east", "prod-west"].flatMap((stack) => [
    ["pulumi", "stack", "output", "--json", "-s", stack],
    ["pulumi", "stack", "export", "-s", stack],
    ["pulumi", "stack", "history", "--json", "-s", stack],
    ["pulumi", "preview", "--diff", "-s", stack],
    ["pulumi", "preview", "--json", "--show-sames", "-s", stack],
    ["pulumi", "config", "-s", stack],
  ]),
  ["standby", "status", "--json"],
  ["standby", "preflight", "--json"],
  ["standby", "history", "--json"],
  ["local-cloud", "calls", "--json"],
];

const questionSeconds = 120;

interface Heard {
  readonly passwords: readonly string[];
  readonly texts: readonly { readonly place: string; readonly content: Buffer }[];
}

/** Asks all that while the cloud is there, and keeps every file of it. */
async function listen(cloud: LocalCloud): Promise<Heard> {
  const planted = join(cloud.folder, "planted");
  const [first = ""] = cloud.passwords();
  await writeFile(planted, Buffer.from(`password: ${first}`).toString("base64"));
  const texts: { place: string; content: Buffer }[] = [];
  for (const [command = "", ...words] of questions) {
    const { all } = await execa(command, words, {
      cwd: cloud.projectFolder,
      env: cloud.environment,
      extendEnv: false,
      reject: false,
      all: true,
      stdin: "ignore",
      timeout: questionSeconds * 1000,
      preferLocal: false,
    });
    texts.push({ place: [command, ...words].join(" "), content: Buffer.from(all) });
  }
  const passwords = cloud.passwords();
  // The files go with the cloud, so that they are looked at now.
  const scan = new SecretScan(passwords);
  await scanFolder(
    scan,
    cloud.folder,
    (path) => path === join(cloud.projectFolder, "node_modules"),
  );
  return {
    passwords,
    texts: [
      ...texts,
      ...(await Promise.all(
        scan.leaks.map(async ({ place }) => ({ place, content: await readFile(place) })),
      )),
    ],
  };
}

/** A drill, and then a look at everything that it printed, wrote, or let others see, for every password that was ever set. */
export async function scannedDrill(course: CourseLength): Promise<ScanResult> {
  const folder = await mkdtemp(join(tmpdir(), "standby-secrets-"));
  const processes = watchCommandLines();
  const before = new Set(await readdir(tmpdir()));
  let heard: Heard = { passwords: [], texts: [] };
  try {
    const htmlFile = join(folder, "report.html");
    const report = await runDrillOn(
      async (options) => {
        const cloud = await startLocalCloud(options);
        const close = async () => {
          heard = await listen(cloud);
          await cloud.close();
        };
        return new Proxy(cloud, {
          get: (target, name) => (name === "close" ? close : Reflect.get(target, name, target)),
        });
      },
      { course, keep: true, htmlFile },
    );
    const scan = new SecretScan(heard.passwords);
    for (const { place, content } of heard.texts) scan.look(place, content);
    scan.look("the report as text", reportText(report, { colour: false }));
    for (const line of await processes.stop()) scan.look("the list of processes", line);
    if (report.evidenceFolder) await scanFolder(scan, report.evidenceFolder);
    await scanFolder(scan, folder);
    for (const name of await readdir(tmpdir()))
      if (name.startsWith("standby-") && !before.has(name))
        await scanFolder(scan, join(tmpdir(), name));
    if (report.evidenceFolder) await rm(report.evidenceFolder, { recursive: true, force: true });
    const isPlanted = ({ place }: Leak) => place.endsWith("/planted");
    return {
      drillOk: report.ok,
      failure: report.failure,
      passwords: heard.passwords.length,
      places: scan.places,
      leaks: scan.leaks.filter((leak) => !isPlanted(leak)),
      foundPlanted: scan.leaks.some(isPlanted),
    };
  } finally {
    await processes.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dashboardKeys } from "@standby/topology";
import { launchBrowser } from "./browser.ts";
import { dashboardPage } from "./dashboard-page.ts";

/*
 * Draws the three dashboards as CloudWatch would lay them out, with values that nobody measured, to look at: one page and one picture a
 * dashboard in `dist/pictures`.
 */

const pictures = join(import.meta.dirname, "..", "dist", "pictures");
await mkdir(pictures, { recursive: true });
const page = join(pictures, "dashboards.html");
await writeFile(
  page,
  dashboardPage({
    service: "orders-prod",
    accountId: "123456789012",
    primaryRegion: "us-east-1",
    recoveryRegion: "us-west-2",
    primaryDatabase: "orders-prod-1",
    recoveryDatabase: "orders-prod-1",
    dnsSwitch: "record",
    maximumLagSeconds: 60,
    lowStorageBytes: 5 * 2 ** 30,
    manyConnections: 273,
  }),
);
process.stdout.write(`${page}\n`);

const folder = await mkdtemp(join(tmpdir(), "standby-dashboards-"));
try {
  const browser = await launchBrowser(folder);
  try {
    const tab = await browser.newPage({ viewport: { width: 1480, height: 900 } });
    await tab.goto(pathToFileURL(page).href);
    for (const key of dashboardKeys) {
      const path = join(pictures, `dashboard-${key}.png`);
      await tab.locator(`#${key}`).screenshot({ path });
      process.stdout.write(`${path}\n`);
    }
  } finally {
    await browser.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../pictures/browser.ts";
import { buildReport } from "../src/report.ts";
import { reportHtml } from "../src/report-html.ts";
import { drillSeries } from "../src/report-series.ts";
import { cycleEvidence } from "./cycle-evidence.ts";

/** What a person sees who opens the report's page, in a real browser. The picture is kept in `dist`. */
const pictures = join(import.meta.dirname, "..", "dist", "pictures");

const legendHeight = 50;

let folder: string;
let browser: Browser;
let page: Page;
const requested: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "standby-page-"));
  const file = join(folder, "drill.html");
  const evidence = cycleEvidence();
  await writeFile(file, reportHtml(buildReport(evidence), drillSeries(evidence)));
  browser = await launchBrowser(folder);
  page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  page.on("request", (request) => requested.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(pathToFileURL(file).href);
});
afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

it("asks for nothing but itself, and complains of nothing", () => {
  expect(requested).toHaveLength(1);
  expect(complaints).toEqual([]);
});

it("begins with the verdict and the sentence with the three numbers", async () => {
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Drill passed");
  expect(await page.locator("h1 + p").textContent()).toMatch(/6\.9 s .* 0\.02 s .* 2\.2 s\.$/);
});

it("draws the picture as wide as the page, with the time that the Region was lost behind it", async () => {
  const box = await page.locator("figure svg").boundingBox();
  expect(box?.width).toBeGreaterThan(1_000);
  expect(box?.height).toBeGreaterThan(500);
  expect(await page.getByText("us-east-1 is lost (hang)").count()).toBeGreaterThanOrEqual(2);
});

it("lets no name in the picture run out of it or into its neighbour", async () => {
  const texts = await page.locator("figure svg text").all();
  const boxes = await Promise.all(
    texts.map(async (text) => ({ name: await text.textContent(), box: await text.boundingBox() })),
  );
  const picture = await page.locator("figure svg").boundingBox();
  const outside = boxes.filter(
    ({ box }) =>
      box &&
      picture &&
      (box.x < picture.x - 1 || box.x + box.width > picture.x + picture.width + 1),
  );
  expect(outside.map(({ name }) => name)).toEqual([]);
  const legend = boxes
    .flatMap(({ box, name }) =>
      box && picture && name?.includes(" in us-") && box.y < picture.y + legendHeight ? [box] : [],
    )
    .sort((one, other) => one.x - other.x);
  expect(legend).toHaveLength(4);
  for (const [index, box] of legend.slice(1).entries())
    expect(box.x).toBeGreaterThan((legend[index]?.x ?? 0) + (legend[index]?.width ?? 0));
});

it("is kept as a picture", async () => {
  await mkdir(pictures, { recursive: true });
  const picture = await page.screenshot({
    path: join(pictures, "drill-report.png"),
    fullPage: true,
  });
  expect(picture.byteLength).toBeGreaterThan(20_000);
});

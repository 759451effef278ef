import { expect, it } from "vitest";
import { buildReport } from "../src/report.ts";
import { reportHtml } from "../src/report-html.ts";
import { drillSeries } from "../src/report-series.ts";
import { cycleEvidence } from "./cycle-evidence.ts";
import { goodEvidence, primaryAddress, recoveryAddress } from "./good-evidence.ts";

const pageOf = (evidence: Parameters<typeof buildReport>[0]): string =>
  reportHtml(buildReport(evidence), drillSeries(evidence));

it("has the three numbers in its first sentence", () => {
  const sentence = /<p id="figures">([^<]*)<\/p>/.exec(pageOf(cycleEvidence()))?.[1];
  expect(sentence).toBe(
    "Writes were acknowledged again 6.9 s after the loss of us-east-1, 1 acknowledged write from the last 0.02 s before a loss is gone, and the switchover home paused writes for 2.2 s.",
  );
});

it("says so when nothing was lost", () => {
  const { course, ...evidence } = cycleEvidence();
  const nothing = course && { ...course, missing: [], reportedDataLossSeconds: 0 };
  expect(pageOf({ ...evidence, ...(nothing && { course: nothing }) })).toContain(
    "no acknowledged write was lost (data loss 0.00 s)",
  );
});

it("says of a drill without a switchover that it has no write pause", () => {
  expect(pageOf(goodEvidence())).toContain("there is no write pause");
});

it("needs nothing but itself: no script, no link, no picture from elsewhere", () => {
  const page = pageOf(cycleEvidence());
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!["']?#)/i);
  // The namespaces of SVG are names, not requests.
  const addresses = page.match(/https?:\/\/[^"' ]+/g) ?? [];
  expect(addresses.filter((address) => !address.startsWith("http://www.w3.org/"))).toEqual([]);
  expect(page).toContain("default-src 'none'");
});

it("shows every database that took writes, each answer of the name, and when the Region was lost", () => {
  const svg = /<svg[\s\S]*<\/svg>/.exec(pageOf(cycleEvidence()))?.[0] ?? "";
  for (const words of [
    "orders-prod-1 in us-east-1",
    "orders-prod-1 in us-west-2",
    "orders-prod-2 in us-east-1",
    "us-east-1 is lost (hang)",
    "Failed writes a second",
    "What was done",
    "Switch over",
  ])
    expect(svg).toContain(words);
});

it("lets no text of the application become part of the page", () => {
  const evidence = { ...goodEvidence(), failure: "<script>alert(1)</script> & more" };
  const page = pageOf(evidence);
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more");
});

it("says so when the drill ended before any client had begun", () => {
  const { lossMode, primaryRegion, recoveryRegion, workloadPrincipal } = goodEvidence();
  const evidence = {
    lossMode,
    dnsSwitch: "record" as const,
    route53IsDown: false,
    primaryRegion,
    recoveryRegion,
    workloadPrincipal,
    phases: [],
    attempts: [],
    answers: [],
    lags: [],
    failure: "no engine",
  };
  expect(pageOf(evidence)).toContain("No client had begun.");
});

it("counts writes and failures by the second in which they ended", () => {
  const series = drillSeries(goodEvidence());
  const total = (points: readonly (readonly [number, number])[] = []) =>
    points.reduce((sum, [, count]) => sum + count, 0);
  expect(total(series?.failures)).toBe(2);
  expect(series?.answers).toEqual([
    [0, primaryAddress],
    [11.4, recoveryAddress],
  ]);
  expect(series?.faults).toEqual([{ name: "us-east-1 is lost (hang)", from: 5, to: 13 }]);
});

it("shows how far each replica was behind, and no line where none replicated", () => {
  const series = drillSeries(cycleEvidence());
  const lags = series?.lags ?? {};
  expect(Object.keys(lags)).toEqual([
    "orders-prod-1 in us-west-2",
    "orders-prod-2 in us-east-1",
    "orders-prod-2 in us-west-2",
  ]);
  expect(lags["orders-prod-1 in us-west-2"]?.map(([, lag]) => lag)).toEqual([0, 0, null]);
  expect(pageOf(cycleEvidence())).toContain("Seconds that a replica was behind");
});

it("breaks a lag's line where nobody could ask", () => {
  const database = "orders-prod-1 in us-west-2";
  const { lags: _none, ...evidence } = cycleEvidence();
  const at = evidence.attempts[0]?.startedAt ?? 0;
  const lags = [0, 1_000, 60_000].map((after) => ({ database, at: at + after, lagSeconds: 0 }));
  const points = drillSeries({ ...evidence, lags })?.lags[database] ?? [];
  expect(points.map(([, lag]) => lag)).toEqual([0, 0, null, 0]);
});

it("tells how long each act took", () => {
  expect(pageOf(cycleEvidence())).toMatch(
    /<h2>Acts<\/h2>[\s\S]*Switch over: the writes go back to us-east-1<\/td><td>2\.0 s/,
  );
});

import type { DatabaseStatus, RegionStatus, SecretStatus, Status } from "@standby/recovery";
import { findingsLines } from "./findings-text.ts";
import { type Layout, styled } from "./layout.ts";

const verdictStyles = {
  ready: "green",
  exposed: "yellow",
  moving: "cyan",
  "no-writer": "red",
  "split-brain": "red",
  unknown: "yellow",
} as const;

const labelColumns = 16;

/** One screen, the verdict first. */
export function statusText(status: Status, layout: Layout): string {
  const regions = Object.entries(status.regions);
  const rows: readonly Row[] = [
    ["", regions.map(([name, { role }]) => regionTitle(name, role, status.activeRegion))],
    ...databaseRows(regions.map(([, region]) => region)).map(
      (cells, index): Row => [index === 0 ? "database" : "", cells],
    ),
    ["secret", regions.map(([, { secret, reachable }]) => secretCell(secret, reachable))],
  ];
  const lines = [
    headline(status, layout),
    ...tableLines(rows),
    recordLine(status),
    ...findingsLines(status.findings, layout),
  ];
  return `${lines.join("\n")}\n`;
}

type Row = readonly [label: string, cells: readonly string[]];

const gapColumns = 3;

function tableLines(rows: readonly Row[]): readonly string[] {
  const widths = (rows[0]?.[1] ?? []).map(
    (_, index) => Math.max(...rows.map(([, cells]) => cells[index]?.length ?? 0)) + gapColumns,
  );
  return rows.map(([label, cells]) =>
    [label.padEnd(labelColumns), ...cells.map((cell, index) => cell.padEnd(widths[index] ?? 0))]
      .join(" ")
      .trimEnd(),
  );
}

function headline(status: Status, layout: Layout): string {
  const { service, verdict, observedAt } = status;
  const left = `${service}   ${verdict.toUpperCase()}   ${summary(status)}`;
  const time = `${observedAt.slice(0, 19).replace("T", " ")} UTC`;
  const gap = " ".repeat(Math.max(2, Math.min(layout.width, 100) - left.length - time.length));
  const styledVerdict = styled([verdictStyles[verdict], "bold"], verdict.toUpperCase(), layout);
  return `${service}   ${styledVerdict}   ${summary(status)}${gap}${styled("dim", time, layout)}`;
}

/** The verdict in words. */
function summary({ verdict, activeRegion, regions, operation }: Status): string {
  const other = Object.keys(regions).find((region) => region !== activeRegion) ?? "";
  switch (verdict) {
    case "ready":
      return `${activeRegion} takes writes; ${other} can take over`;
    case "exposed":
      return `${activeRegion} takes writes; no standby`;
    case "moving":
      return `${operation?.kind} by ${operation?.owner}`;
    case "no-writer":
      return "no writer behind the CNAME";
    case "split-brain":
      return "more than one database takes writes";
    case "unknown":
      return unknownSummary(regions);
  }
}

function unknownSummary(regions: Status["regions"]): string {
  const unseen = Object.entries(regions).flatMap(([region, { databases }]) =>
    databases === null ? [region] : [],
  );
  return unseen.length > 0
    ? `${unseen.join(" and ")} was not seen`
    : "nobody could look inside the databases";
}

const regionTitle = (name: string, role: string, active: string | null): string =>
  `${name} (${role})${name === active ? "  < active" : ""}`;

/** Newest generation first: it is the one that counts. */
function databaseRows(regions: readonly RegionStatus[]): readonly (readonly string[])[] {
  const cells = regions.map(({ databases, reachable }) =>
    databases === null
      ? [reachable ? "not seen" : "unreachable"]
      : databases.length === 0
        ? ["none"]
        : databases.map(databaseCell).reverse(),
  );
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, index) => cells.map((column) => column[index] ?? ""));
}

function databaseCell(database: DatabaseStatus): string {
  const { identifier, mode, writable, fenced, status, replicationLagSeconds: lag } = database;
  const takes =
    mode === "replica"
      ? `replica${lag === null ? ", lag unknown" : `, ${lag} s behind`}`
      : writable === null
        ? "writable?"
        : writable
          ? "writable"
          : "read-only";
  return [identifier, takes, ...(fenced ? ["fenced"] : []), status].join("  ");
}

function secretCell(secret: SecretStatus | null, reachable: boolean): string {
  if (!secret) return reachable ? "not seen" : "unreachable";
  const version =
    secret.versionId === null ? "no current version" : `v ${secret.versionId.slice(0, 4)}`;
  const same = secret.inSync === null ? "" : secret.inSync ? "  in sync" : "  OUT OF SYNC";
  return `${secret.status}  ${version}${same}`;
}

function recordLine({ record }: Status): string {
  const target = record.target ?? "not seen";
  const [identifier, , region] = target.split(".");
  const named = record.target?.endsWith(".rds.amazonaws.com")
    ? `${identifier} (${region})`
    : target;
  const ttl = record.ttl === null ? "" : `     TTL ${record.ttl} s`;
  const agree =
    record.consistent === null
      ? ""
      : record.consistent
        ? ", answers agree"
        : record.expectedTarget === record.target
          ? ", answers differ"
          : ", not the writer";
  return `${record.name}  ->  ${named}${ttl}${agree}`;
}

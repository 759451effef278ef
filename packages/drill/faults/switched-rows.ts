import type { FaultRow } from "./fault-table.ts";

const scenario: FaultRow["proof"] = { by: "scenario" };

/** With `dnsSwitch: health-check`: what takes the place of the rows whose fault is one of Route 53's changes. */
export const switchedRows: Readonly<Record<number, Omit<FaultRow, "row">>> = {
  1: {
    injected: "no API of the primary Region answers, and Route 53's control plane does not either",
    expected:
      "the failover goes on without both: it looks at the source, and changes nothing there",
    proof: scenario,
  },
  4: {
    injected: "Route 53's control plane is down",
    expected: "no call of it, exit 0",
    proof: scenario,
  },
  5: {
    injected: "no datapoint of the switch's metric gets through",
    expected: "promoted, the name stays, exit 4 at the deadline; the same command goes on there",
    proof: scenario,
  },
  6: {
    injected:
      "after the move somebody else publishes the primary Region, before the name is pinned",
    expected: "the name stays while the function publishes too; the alarm of a return rings",
    proof: scenario,
  },
  7: {
    injected: "throttling by Lambda and CloudWatch",
    expected: "retried",
    proof: scenario,
  },
  8: {
    injected: "both records are deleted by hand",
    expected:
      "a finding; who connects anew is refused with a class of its own, connections that are open go on; the next refreshed update makes them again",
    proof: scenario,
  },
  11: {
    injected: "the record that is answered names a stranger's database",
    expected: "a finding; the application does not connect",
    proof: scenario,
  },
  12: {
    injected: "somebody else publishes the recovery Region before the promotion",
    expected:
      "a finding; writes are refused as database-read-only; the alarm of a move rings; the name returns by itself",
    proof: scenario,
  },
  18: {
    injected: "the promotion takes its time",
    expected:
      "the function is told the new Region after the database is available and standalone, not before",
    proof: scenario,
  },
};

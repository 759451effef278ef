import { randomUUID } from "node:crypto";
import type { CanaryAnswer } from "@standby/topology";
import { type Surroundings, withDatabase } from "../database.ts";
import { readMark, writeRow } from "../probe-tables.ts";

/** Writes a row and reads it again. */
export const probeCanary = (address: string, around: Surroundings): Promise<CanaryAnswer> =>
  withDatabase(address, around, async (database) => {
    const { region } = around.place;
    const mark = randomUUID();
    const started = performance.now();
    await writeRow(database, "canary", { region, mark });
    const read = await readMark(database.query, "canary", region);
    const milliseconds = Math.round((performance.now() - started) * 10) / 10;
    if (read !== mark) throw new Error("the row that was written is not the one that was read");
    const { transactions } = await database.dialect.state(database.query);
    return { transactions, milliseconds };
  });

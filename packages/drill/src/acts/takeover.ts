import { withDeadline } from "../deadline.ts";
import { isAcknowledgement } from "../history.ts";
import type { Stage } from "../stage.ts";

/** The first write, from now on, that this database takes: `<identifier> in <region>`. */
export async function firstWriteOf(
  { history, pacing, signal }: Stage,
  database: string,
): Promise<void> {
  await withDeadline(
    `the first write acknowledged by ${database}`,
    pacing.takeoverSeconds,
    signal,
    (both) => history.next((each) => isAcknowledgement(each) && each.database === database, both),
  );
}

import { decodeDatabaseSecret, SecretReader } from "@standby/secret-access";
import { type DivergedWritesAnswer, type ProbeRequest, parseTransactions } from "@standby/topology";
import { unknownSpan } from "../binary-logs.ts";
import { type Database, type Surroundings, withDatabase } from "../database.ts";
import { DivergedWrites } from "../diverged-writes.ts";
import { readPrimaryKeys } from "../primary-keys.ts";
import { readBinaryLogs, type StreamTarget } from "../replication-client.ts";

type Request = Extract<ProbeRequest, { readonly ask: "diverged-writes" }>;

/** So that what was found by then is answered before the operation's own deadline. */
const reserveMillis = 2_000;

/** Reads the binary logs as a replica does: the only place where rows of transactions are found by their identifier. */
export const findDivergedWrites = (
  request: Request,
  around: Surroundings,
): Promise<DivergedWritesAnswer> =>
  withDatabase(request.address, around, async (database) => {
    const known = parseTransactions(request.known);
    const { transactions } = await database.dialect.state(database.query);
    const keys = await readPrimaryKeys(database.query);
    const found = new DivergedWrites(known, request.maximumRows, keys);
    if (found.coversAll(parseTransactions(transactions))) return found.answer(true);
    const span = await unknownSpan(database, known);
    if (!span) return found.answer(false);
    const deadline = AbortSignal.timeout(Math.max(0, around.millis - reserveMillis));
    const signal = AbortSignal.any([around.signal, deadline]);
    const read = await readBinaryLogs(await credentialsOf(database, around), span, found, signal);
    return found.answer(span.complete && read === "whole");
  });

/** The stream is a connection of its own, with what this database accepted for the first one. */
async function credentialsOf(
  { address, acceptedVersionId }: Database,
  { place }: Surroundings,
): Promise<StreamTarget> {
  const reader = new SecretReader({ ...place, decode: decodeDatabaseSecret });
  try {
    const { value } = await reader.get({ versionId: acceptedVersionId });
    return { address, port: value.port, username: value.username, password: value.password };
  } finally {
    reader.close();
  }
}

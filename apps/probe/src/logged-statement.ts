import { probeSchema } from "@standby/topology";

/** What encloses a transaction, and changes nothing by itself. */
const enclosing = /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|XA|START\s+TRANSACTION)\b/i;
const ofTheProbe = new RegExp(
  `^CREATE (DATABASE|TABLE) IF NOT EXISTS ${probeSchema}(\\.|\\s|;|$)`,
  "i",
);
/** The server logs a password as its hash, which is worth guarding as well. */
const aboutAccounts = /\b(IDENTIFIED|PASSWORD|USER|ROLE|GRANT|REVOKE)\b/i;

const maximumCharacters = 20_000;

/** A statement of a binary log as it may be shown; undefined for one that tells nothing. */
export function shownStatement(query: string): string | undefined {
  if (enclosing.test(query) || ofTheProbe.test(query)) return undefined;
  const head = query.trim().split(/\s+/).slice(0, 2).join(" ");
  if (/^(CREATE|ALTER|DROP|RENAME|SET|GRANT|REVOKE)\b/i.test(head) && aboutAccounts.test(query))
    return `${head} … (about an account, or with a word that could be: not shown)`;
  return query.length <= maximumCharacters
    ? query
    : `${query.slice(0, maximumCharacters)} … (cut: ${query.length} characters)`;
}

import { type Call, isAllowed, type Permission, type PolicyDocument } from "@standby/local-cloud";

/** A document of docs/policies with its words replaced, as somebody installs it for the recorded pair. */
export const installed = (
  document: PolicyDocument,
  words: Readonly<Record<string, string>>,
): PolicyDocument =>
  JSON.parse(
    Object.entries(words).reduce(
      (text, [word, value]) => text.replaceAll(word, value),
      JSON.stringify(document),
    ),
  ) as PolicyDocument;

const needed = (calls: readonly Call[]): readonly Permission[] =>
  calls.filter(({ status = 500 }) => status < 400).flatMap(({ permissions = [] }) => permissions);

/** Actions of recorded calls that the document refuses, by the very resource that was called. */
export const refusedOf = (document: PolicyDocument, calls: readonly Call[]): readonly string[] => [
  ...new Set(
    needed(calls)
      .filter((permission) => !isAllowed([document], permission))
      .map(({ action }) => action),
  ),
];

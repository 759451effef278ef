/** Stands in a document for what differs from run to run: a part of a line, or, alone on a line, any number of lines. */
const placeholder = "…";

/** Where what came out first differs from what the document shows; undefined when it does not. */
export function difference(expected: string, actual: string): string | undefined {
  const [wanted, came] = [linesOf(expected), linesOf(actual)];
  let position = 0;
  let anyNumber = false;
  for (const line of wanted) {
    if (line === placeholder) {
      anyNumber = true;
      continue;
    }
    const pattern = patternOf(line);
    const found = came.findIndex(
      (each, index) => index >= position && (anyNumber || index === position) && pattern.test(each),
    );
    if (found < 0)
      return `the document has:  ${line}\n${anyNumber ? "no line of what came is like it" : `what came has:     ${came[position] ?? "nothing more"}`}`;
    position = found + 1;
    anyNumber = false;
  }
  return anyNumber || position === came.length
    ? undefined
    : `the document has nothing more\nwhat came has:     ${came[position]}`;
}

const linesOf = (text: string): readonly string[] => {
  const lines = text.split("\n").map((line) => line.trimEnd());
  while (lines.at(-1) === "") lines.pop();
  return lines;
};

const patternOf = (line: string): RegExp =>
  new RegExp(
    `^${line
      .split(placeholder)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*?")}$`,
  );

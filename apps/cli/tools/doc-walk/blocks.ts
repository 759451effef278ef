/** A block of a document that is meant to be run. */
export interface WalkBlock {
  /** Of its fence, for messages. */
  readonly line: number;
  readonly commands: string;
  readonly exitCode: number;
  /** What the document says that it prints; undefined when it shows nothing. */
  readonly output: string | undefined;
}

interface Fence {
  readonly line: number;
  readonly info: string;
  readonly text: string;
  /** Nothing but empty lines stands between the fence before and this one. */
  readonly follows: boolean;
}

/**
 * The blocks fenced as `sh walk`, or `sh walk exit=3` for a command that is to end so, in their order. A `text` block right behind one
 * is its output.
 *
 * @throws Error for an info string with a word that means nothing here
 */
export function walkBlocks(markdown: string): readonly WalkBlock[] {
  const fences = fencesIn(markdown);
  return fences.flatMap(({ info, line, text }, index) => {
    const [language, mark, ...words] = info.split(/\s+/);
    if (language !== "sh" || mark !== "walk") return [];
    const next = fences[index + 1];
    const output = next?.info === "text" && next.follows ? next.text : undefined;
    return [{ line, commands: text, exitCode: exitCodeIn(words, line), output }];
  });
}

function exitCodeIn(words: readonly string[], line: number): number {
  const [word, ...more] = words;
  if (word === undefined) return 0;
  const code = /^exit=(\d+)$/.exec(word)?.[1];
  if (code === undefined || more.length > 0)
    throw new Error(`line ${line}: after "sh walk" there is exit=<code> or nothing`);
  return Number(code);
}

function fencesIn(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { readonly line: number; readonly info: string; readonly lines: string[] } | undefined;
  let follows = false;
  for (const [index, text] of markdown.split("\n").entries()) {
    if (open && text === "```") {
      const { line, info, lines } = open;
      fences.push({ line, info, text: lines.join("\n"), follows });
      open = undefined;
      follows = true;
    } else if (open) open.lines.push(text);
    else if (text.startsWith("```")) open = { line: index + 1, info: text.slice(3), lines: [] };
    else if (text.trim() !== "") follows = false;
  }
  return fences;
}

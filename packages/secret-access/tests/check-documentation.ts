import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/**
 * Part of the type check: ends with 1 when a public symbol, or a public method of one, has no word on what it is for, when a
 * public value is used by no file of `examples`, or when a docstring's example does not stand in such a file, which is compiled.
 */
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const index = path("../src/index.ts");
const folder = path("../examples/");
const examples = readdirSync(folder).map((name) => readFileSync(`${folder}${name}`, "utf8"));

const program = ts.createProgram([index], {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2024,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  skipLibCheck: true,
});
const checker = program.getTypeChecker();

function publicSymbols(): readonly ts.Symbol[] {
  const source = program.getSourceFile(index);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error("src/index.ts exports nothing");
  return checker
    .getExportsOfModule(module)
    .map((exported) =>
      exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported,
    );
}

const isDocumented = (symbol: ts.Symbol): boolean =>
  symbol.getDocumentationComment(checker).length > 0;

/** Methods and accessors; a constructor is told of by its class. */
const methodsOf = (symbol: ts.Symbol): readonly ts.Symbol[] =>
  [...(symbol.members?.values() ?? [])].filter(
    (member) =>
      member.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Accessor) &&
      !member.name.startsWith("#") &&
      !member.name.startsWith("__#"),
  );

/** A line of a docstring may be broken otherwise than in the file. */
const words = (text: string): string => text.replace(/\s+/g, "").replace(/,(?=[)}\]])/g, "");

function problemsOf(symbol: ts.Symbol): readonly string[] {
  const { name } = symbol;
  const undocumented = [symbol, ...methodsOf(symbol)].filter((each) => !isDocumented(each));
  const isUsed = examples.some((text) => new RegExp(`\\b${name}\\b`).test(text));
  const strange = symbol
    .getJsDocTags(checker)
    .filter((tag) => tag.name === "example")
    .map((tag) => ts.displayPartsToString(tag.text))
    .filter((code) => !examples.some((text) => words(text).includes(words(code))));
  return [
    ...undocumented.map((each) =>
      each === symbol
        ? `${name} does not say what it is for`
        : `${name}.${each.name} does not say what it is for`,
    ),
    ...(symbol.flags & ts.SymbolFlags.Value && !isUsed ? [`no example uses ${name}`] : []),
    ...strange.map(() => `the example of ${name} stands in no file of examples`),
  ];
}

const symbols = publicSymbols();
const problems = symbols.flatMap(problemsOf);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 && symbols.length > 0 ? 0 : 1;

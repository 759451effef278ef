import { styleText } from "node:util";

/** How a text is laid out for who reads it. */
export interface Layout {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

export const defaultWidth = 100;

type Style = Parameters<typeof styleText>[0];

export const styled = (style: Style, text: string, { colour }: Pick<Layout, "colour">): string =>
  colour ? styleText(style, text, { validateStream: false }) : text;

/** Breaks between words; a word that is longer than a line stays whole, so that a command can be copied. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

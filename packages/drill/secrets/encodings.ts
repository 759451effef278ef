/** The ways in which a text is written down by mistake: as it is, inside JSON, a URL, a page, or base64. */
export interface Encoding {
  readonly name: string;
  /** What to look for. More than one, where the surroundings decide how it looks. */
  readonly of: (text: string) => readonly (string | Buffer)[];
}

const jsonEscaped = (text: string): string => JSON.stringify(text).slice(1, -1);

const markup: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Base64 of a text in the middle of others: three bytes become four characters, so that it begins in one of three ways. */
function base64Within(text: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
    // Characters that hold bits of what stands before or behind are left out.
    return whole.toString("base64").slice(Math.ceil((before * 8) / 6));
  });
}

const urlSafe = (base64: string): string => base64.replaceAll("+", "-").replaceAll("/", "_");

export const encodings: readonly Encoding[] = [
  { name: "plain", of: (text) => [text] },
  { name: "JSON", of: (text) => [jsonEscaped(text)] },
  { name: "JSON in JSON", of: (text) => [jsonEscaped(jsonEscaped(text))] },
  {
    name: "URL",
    of: (text) => [
      encodeURIComponent(text),
      new URLSearchParams({ p: text }).toString().slice("p=".length),
    ],
  },
  { name: "HTML", of: (text) => [text.replace(/[&<>"']/g, (sign) => markup[sign] ?? sign)] },
  { name: "base64", of: (text) => base64Within(text) },
  { name: "base64url", of: (text) => base64Within(text).map(urlSafe) },
  { name: "hexadecimal", of: (text) => [Buffer.from(text).toString("hex")] },
  { name: "UTF-16", of: (text) => [Buffer.from(text, "utf16le")] },
];

import { encodings } from "./encodings.ts";

/** A password that stands where none may. It is named by its number: a finding that repeated it would be one more leak. */
export interface Leak {
  readonly place: string;
  readonly password: number;
  readonly encoding: string;
}

interface Needle {
  readonly password: number;
  readonly encoding: string;
  readonly bytes: Buffer;
}

/** Shorter remains would be found in everything. */
const shortestNeedle = 6;

/** Looks for passwords in whatever it is given, in every encoding. */
export class SecretScan {
  readonly #passwords: readonly string[];
  readonly #needles: readonly Needle[];
  readonly #leaks = new Map<string, Leak>();
  #places = 0;

  constructor(passwords: readonly string[]) {
    this.#passwords = passwords;
    const seen = new Set<string>();
    const isNew = ({ bytes }: Needle): boolean => {
      const form = bytes.toString("latin1");
      return !seen.has(form) && seen.add(form) !== undefined;
    };
    this.#needles = passwords
      .flatMap((text, password) =>
        encodings.flatMap(({ name, of }) =>
          of(text).map((form) => ({ password, encoding: name, bytes: Buffer.from(form) })),
        ),
      )
      .filter(({ bytes }) => bytes.length >= shortestNeedle)
      .filter(isNew);
  }

  look(place: string, content: string | Buffer): void {
    this.#places += 1;
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    for (const needle of this.#needles) {
      if (!bytes.includes(needle.bytes)) continue;
      const { password, encoding } = needle;
      this.#leaks.set(`${place} ${password} ${encoding}`, { place, password, encoding });
    }
  }

  isNumberOf(password: number, text: string): boolean {
    return this.#passwords[password] === text;
  }

  /** How many passwords are looked for. */
  get passwords(): number {
    return this.#passwords.length;
  }

  /** How many texts were looked at: a scan that saw nothing finds nothing. */
  get places(): number {
    return this.#places;
  }

  get leaks(): readonly Leak[] {
    return [...this.#leaks.values()];
  }
}

/** Parameters and answers that are a password, or a value that holds one. */
const passwordMembers: ReadonlySet<string> = new Set(["MasterUserPassword", "RandomPassword"]);
const valueMember = "SecretString";

/** Shorter ones would be found in everything. */
const shortest = 6;

/** Every password that was ever set through an API: what a scan looks for in all that was printed and written. */
export class KnownPasswords {
  readonly #known = new Set<string>();

  /** Takes what is a password out of a request's parameters or an answer. */
  learn(document: object): void {
    // A function's archive and the like: millions of numbers, of which none is a member.
    if (ArrayBuffer.isView(document)) return;
    for (const [name, value] of Object.entries(document)) {
      if (typeof value === "object" && value !== null) this.learn(value);
      if (typeof value !== "string") continue;
      if (passwordMembers.has(name)) this.#add(value);
      if (name === valueMember) for (const password of passwordsIn(value)) this.#add(password);
    }
  }

  all(): readonly string[] {
    return [...this.#known];
  }

  #add(password: string): void {
    if (password.length >= shortest) this.#known.add(password);
  }
}

/** The `password` of a value that is JSON, else the whole value. */
function passwordsIn(value: string): readonly string[] {
  try {
    const fields = JSON.parse(value) as Readonly<Record<string, unknown>>;
    return Object.entries(fields).flatMap(([name, field]) =>
      /password/i.test(name) && typeof field === "string" ? [field] : [],
    );
  } catch {
    return [value];
  }
}

/** The process ends here: nothing after it runs, and nobody catches it. */
export class Crash extends Error {
  override readonly name = "Crash";
}

export type CrashPoint = { readonly call: number; readonly effect: "lost" | "kept" };

/** Every call that leaves the function passes here and is counted; one of them can end the process, before or after its effect. */
export class OutsideCalls {
  readonly made: string[] = [];
  crashAt: CrashPoint | undefined;
  /** Called after each effect. */
  onEffect: (name: string) => void = () => {};

  async pass<Result>(name: string, effect: () => Result): Promise<Result> {
    this.made.push(name);
    const isHere = this.crashAt?.call === this.made.length;
    if (isHere && this.crashAt?.effect === "lost") throw new Crash(name);
    const result = effect();
    this.onEffect(name);
    if (isHere) throw new Crash(name);
    return result;
  }
}

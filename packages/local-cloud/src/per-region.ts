/** A service's state is Regional: every Region has a state of its own, made when it is first asked for. */
export class PerRegion<State> {
  readonly #states = new Map<string, State>();
  readonly #create: (region: string) => State;

  constructor(create: (region: string) => State) {
    this.#create = create;
  }

  in(region: string): State {
    const existing = this.#states.get(region);
    if (existing !== undefined) return existing;
    const created = this.#create(region);
    this.#states.set(region, created);
    return created;
  }

  all(): readonly State[] {
    return [...this.#states.values()];
  }
}

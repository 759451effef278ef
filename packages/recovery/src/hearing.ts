import { isDark, silenceSeconds } from "./dark-region.ts";
import { type Look, startLook } from "./seen.ts";

/** One look at several places, which ends earlier for a Region that is silent while others answer. */
export interface Hearing {
  /** What is asked of this Region: always the same look. */
  in(region: string): Look;
  /** What is asked of anything else; its answers prove that this process is heard at all. */
  readonly elsewhere: Look;
}

/** Silence is counted in so many steps, each of which this process was awake for: a machine too busy to listen hears nobody. */
const stepSeconds = 0.1;

/** @param deadlineSeconds - for whatever has answered, and for all while nothing has */
export function startHearing(signal: AbortSignal, deadlineSeconds: number): Hearing {
  const whole = startLook(signal, deadlineSeconds);
  const places = new Map<string, Place>();
  let isProved = false;
  const answered = () => {
    if (isProved) return;
    isProved = true;
    for (const place of places.values()) place.count();
  };
  return {
    in(region) {
      const known = places.get(region);
      if (known) return known;
      const made = new Place(whole, answered);
      places.set(region, made);
      if (isProved) made.count();
      return made;
    },
    elsewhere: { ...whole, ear: { asked: () => {}, answered } },
  };
}

class Place implements Look {
  readonly signal: AbortSignal;
  readonly deadline: AbortSignal;
  readonly ear: NonNullable<Look["ear"]>;
  readonly #whole: Look;
  readonly #givenUp = new AbortController();
  readonly #services = new Set<string>();
  #heard = false;
  #steps = 0;

  constructor(whole: Look, proveOthers: () => void) {
    this.#whole = whole;
    this.signal = whole.signal;
    this.deadline = AbortSignal.any([whole.deadline, this.#givenUp.signal]);
    this.ear = {
      asked: (service) => void this.#services.add(service),
      answered: () => {
        this.#heard = true;
        proveOthers();
      },
    };
  }

  get deadlineSeconds(): number {
    return this.#givenUp.signal.aborted ? silenceSeconds : this.#whole.deadlineSeconds;
  }

  /** From now on its silence counts: somebody else was heard. */
  count(): void {
    const step = setInterval(() => {
      this.#steps += 1;
      if (isDark(this.#silence())) this.#givenUp.abort();
      const { signal, deadline } = this;
      if (this.#heard || signal.aborted || deadline.aborted) clearInterval(step);
    }, stepSeconds * 1000);
    step.unref();
  }

  #silence() {
    return {
      servicesAsked: this.#services.size,
      heard: this.#heard,
      secondsSinceProof: this.#steps * stepSeconds,
    };
  }
}

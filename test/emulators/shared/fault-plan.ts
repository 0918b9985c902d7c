/** What to do wrong with which requests. */
export interface FaultRule<Kind extends string> {
  readonly kind: Kind;
  readonly method?: string;
  /** A route's template, word for word, or a pattern that its path matches. Every route where it is left out. */
  readonly route?: string | RegExp;
  /** How often; once where it is left out, Number.POSITIVE_INFINITY until `release`. */
  readonly times?: number;
  /** What Retry-After of a 429 says; a second where it is left out. */
  readonly retryAfterSeconds?: number;
}

export interface PlannedFault extends Disposable {
  /** How many requests it met so far. */
  readonly hits: number;
  release(): void;
}

interface Planned<Kind extends string> {
  readonly rule: FaultRule<Kind>;
  left: number;
  hits: number;
}

/** The faults a test asked for; the oldest that fits is used up first. */
export class FaultPlan<Kind extends string> {
  readonly #planned: Planned<Kind>[] = [];

  add(rule: FaultRule<Kind>): PlannedFault {
    const planned: Planned<Kind> = { rule, left: rule.times ?? 1, hits: 0 };
    this.#planned.push(planned);
    const release = () => {
      planned.left = 0;
    };
    return {
      get hits() {
        return planned.hits;
      },
      release,
      [Symbol.dispose]: release,
    };
  }

  take(method: string, template: string, path: string): FaultRule<Kind> | null {
    const found = this.#planned.find(({ rule, left }) => left > 0 && meets(rule, method, template, path));
    if (found === undefined) return null;
    found.left -= 1;
    found.hits += 1;
    return found.rule;
  }
}

function meets(rule: FaultRule<string>, method: string, template: string, path: string): boolean {
  if (rule.method !== undefined && rule.method !== method) return false;
  if (rule.route === undefined) return true;
  return typeof rule.route === 'string' ? rule.route === template : rule.route.test(path);
}

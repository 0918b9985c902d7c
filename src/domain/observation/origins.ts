/**
 * Where a target's series say that they come from. A server that federates others, and a gateway that others push to, keep it
 * as `exported_job` and `exported_instance` unless they are scraped with `honor_labels`: then the cards of many rigs would
 * look like those of one.
 */
export class Origins {
  #first: Origin | null = null;
  #other: Origin | null = null;

  add(labels: Readonly<Record<string, string>>): void {
    const instance = labels['exported_instance'];
    const job = labels['exported_job'];
    if (instance === undefined || job === undefined) return;
    this.#first ??= { job, instance };
    if (this.#first.instance !== instance || this.#first.job !== job) this.#other ??= { job, instance };
  }

  /** What is wrong and what helps, where they come from several targets; null where they do not. */
  inWords(): string | null {
    if (this.#first === null || this.#other === null) return null;
    const [one, other] = [this.#first, this.#other].map(({ job, instance }) => `${instance} (${job})`);
    return `its series come from several targets, ${one} and ${other} for example: scrape it with honor_labels, or scrape those targets`;
  }
}

interface Origin {
  readonly job: string;
  readonly instance: string;
}

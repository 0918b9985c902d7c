/** What must not be and was: each kind with its count and its first example. */
export class Violations {
  readonly #found = new Map<string, { count: number; readonly example: string }>();

  add(what: string, example: string): void {
    const known = this.#found.get(what);
    if (known !== undefined) known.count += 1;
    else {
      this.#found.set(what, { count: 1, example });
      process.stdout.write(`VIOLATED: ${what}: ${example}\n`);
    }
  }

  get kinds(): readonly { readonly what: string; readonly count: number; readonly example: string }[] {
    return Array.from(this.#found, ([what, { count, example }]) => ({ what, count, example }));
  }
}

import { UpstreamError } from '../../src/domain/errors.ts';
import type { ScrapeTarget, TargetListing } from './scrape-target.ts';

/** What a list of targets said when it could be read last. */
export class LastGoodList {
  readonly #name: string;
  #targets: readonly ScrapeTarget[] | null = null;
  #failure: { readonly cause: unknown } | null = null;

  /** `name`: which list it is, in words. */
  constructor(name: string) {
    this.#name = name;
  }

  get isKnown(): boolean {
    return this.#targets !== null;
  }

  succeed(targets: readonly ScrapeTarget[]): void {
    this.#targets = targets;
    this.#failure = null;
  }

  fail(cause: unknown): void {
    this.#failure = { cause };
  }

  /** @throws UpstreamError where the list could never be read. */
  listing(): TargetListing {
    const failure = this.#failure;
    if (this.#targets === null) throw listFailure(this.#name, failure?.cause ?? 'not read yet');
    const warnings = failure === null ? [] : [stillUsed(this.#name, failure.cause)];
    return { targets: this.#targets, warnings, incomplete: false };
  }
}

export function listFailure(list: string, cause: unknown): UpstreamError {
  return new UpstreamError('exporters', `${list}: ${reason(cause)}`, { retryable: false, cause });
}

/** The warning. */
export function stillUsed(list: string, cause: unknown): string {
  return `${list}: ${reason(cause)}; the last good list is used`;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

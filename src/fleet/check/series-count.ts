import type { SeriesMapping } from '../../domain/dialect.ts';
import type { FamilyMapping } from '../../domain/observation/families.ts';
import type { Labels, MetricsSource, ObserveRequest, TargetSink } from '../../ports/metrics.ts';

const mostInstances = 3;

/** Series of one name in one observation, over all targets that were read whole. */
export interface NameCount {
  series: number;
  targets: number;
  /** The first few targets in the alphabet, whichever answered first. */
  instances: readonly string[];
  /** A value as it was printed, and where. */
  example: { readonly instance: string; readonly value: number } | null;
}

/** Counts what passes through a source, by name and by target. */
export class SeriesCount {
  readonly names = new Map<string, NameCount>();
  /** Targets that were read and printed nothing that anybody maps. */
  readonly foreign: string[] = [];
  readonly #families: ReadonlyMap<string, FamilyMapping>;

  constructor(families: ReadonlyMap<string, FamilyMapping>) {
    this.#families = families;
  }

  /** The same source; what it hands on is counted. */
  counting(source: MetricsSource): Pick<MetricsSource, 'observe' | 'kind' | 'explain' | 'inspect' | 'close'> {
    return {
      kind: source.kind,
      observe: (request) => source.observe(this.#counted(request)),
      explain: (families, instance) => source.explain(families, instance),
      inspect: (signal) => source.inspect(signal),
      close: () => source.close(),
    };
  }

  #counted(request: ObserveRequest): ObserveRequest {
    return { ...request, open: (target) => this.#sink(request.open(target), target.instance) };
  }

  #sink(sink: TargetSink, instance: string): TargetSink {
    const found = new Map<string, { series: number; value: number }>();
    return {
      sample: (name, labels, value, timestampMs) => {
        sink.sample(name, labels, value, timestampMs);
        const mapping = this.#families.get(name)?.mapping;
        if (mapping === undefined || !counts(mapping, labels)) return;
        const known = found.get(name);
        if (known === undefined) found.set(name, { series: 1, value });
        else known.series += 1;
      },
      done: (atMs, samples) => {
        sink.done(atMs, samples);
        if (found.size === 0) this.foreign.push(instance);
        for (const [name, { series, value }] of found) this.#add(name, series, value, instance);
      },
      fail: (kind, message) => sink.fail(kind, message),
    };
  }

  #add(name: string, series: number, value: number, instance: string): void {
    let count = this.names.get(name);
    if (count === undefined) {
      count = { series: 0, targets: 0, instances: [], example: null };
      this.names.set(name, count);
    }
    count.series += series;
    count.targets += 1;
    count.instances = [...count.instances, instance].sort().slice(0, mostInstances);
    const isFirst = count.example === null || instance < count.example.instance;
    if (isFirst && Number.isFinite(value)) count.example = { instance, value };
  }
}

/** Of some names only the series with one of the wanted labels say anything. */
function counts(mapping: SeriesMapping, labels: Labels): boolean {
  if (!('among' in mapping) || mapping.among === undefined) return true;
  return mapping.among.values.includes(labels[mapping.among.label] ?? '');
}

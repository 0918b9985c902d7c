import type { Dialect } from './dialect.ts';

/** How to sign in to a server with the Prometheus HTTP API. */
export type PrometheusCredentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** Exporters that are scraped directly. */
export interface ExporterTarget {
  /** The rig that all of them belong to; null where their own labels tell. */
  readonly rig: string | null;
  /** A configured site's name. */
  readonly site: string | null;
  /** Whole addresses, the metrics path included: `http://a1:9835/metrics`. */
  readonly urls: readonly string[];
  /** Added to every series of these exporters. */
  readonly labels: Readonly<Record<string, string>>;
}

/** PEM text, read at the start. */
export interface TlsSettings {
  /** Certificates that are trusted in place of the system's. */
  readonly ca: string | null;
  /** The client's own certificate and key, both or none. */
  readonly certificate: string | null;
  readonly key: string | null;
  /** The name that the server's certificate must carry, where it is not the address's. */
  readonly serverName: string | null;
}

export interface PrometheusSettings {
  readonly kind: 'prometheus';
  /** May have a path prefix. */
  readonly url: string;
  readonly credentials: PrometheusCredentials;
  /** Sent with every request, `X-Scope-OrgID` for example. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsSettings | null;
  /** Per query, from connecting to the last byte. */
  readonly timeoutMs: number;
  /**
   * So long ago is now: what a server gets by remote write may arrive bit by bit, and what has not arrived yet would seem gone.
   * 0 where nobody says it.
   */
  readonly delayMs?: number;
  /** Samples of one answer; a larger one is given up. */
  readonly maxSamples: number;
  /** Bytes of one answer, decompressed. */
  readonly maxBytes: number;
  /** Parts of the fleet that are asked for one after the other. */
  readonly shards: { readonly label: string; readonly values: readonly string[] } | null;
  /** Thanos: the parameters `dedup` and `partial_response`; null sends none. */
  readonly dedup: boolean | null;
  readonly partialResponse: boolean | null;
}

export interface ExportersSettings {
  readonly kind: 'exporters';
  readonly targets: readonly ExporterTarget[];
  /** Absolute paths of Prometheus file_sd files with more targets; the last part may hold `*`. */
  readonly files: readonly string[];
  /** Addresses of Prometheus http_sd lists with more targets. */
  readonly httpSd: readonly string[];
  /** Per target, from connecting to the last byte. */
  readonly timeoutMs: number;
  /** Per target and scrape, decompressed. */
  readonly maxBytes: number;
  /** Scrapes are spread over so much of the interval; 0 begins all at once. */
  readonly spreadMs: number;
}

export type MetricsSourceSettings = PrometheusSettings | ExportersSettings;

/** How long what is seen has to last until it is believed (METRICS.md section 2, rule 4). */
export interface StateTimes {
  /** A miner without hashrate may be between two jobs for so long. */
  readonly miningGapMs: number;
  /** A rig or card that is not seen is unknown for so long, and down then. */
  readonly downAfterMs: number;
}

/** Where a rig's name comes from when neither configuration nor labels say it. */
export interface Rewrite {
  /** Matches the whole host part of `instance`, case-insensitively. */
  readonly pattern: RegExp;
  /** With `$1` for what the pattern's groups matched. */
  readonly rig: string;
}

/** Where metrics come from and how targets become rigs (METRICS.md section 2, rule 2). */
export interface MetricsSettings {
  readonly intervalMs: number;
  readonly source: MetricsSourceSettings;
  /** Hosts that several rigs share: an equal host part of `instance` joins no targets there. */
  readonly sharedHosts: readonly string[];
  /** Labels that may name a rig, the most trusted first. */
  readonly rigLabels: readonly string[];
  readonly rewrites: readonly Rewrite[];
  /** The operator's own dialects; where they map a series that a built-in one maps too, they win. */
  readonly dialects: readonly Dialect[];
  readonly states: StateTimes;
  /** An observation that is older is not answered from any more. */
  readonly tooOldMs: number;
}

/** How long ago the newest moment is that is looked at. */
export function delayMsOf({ source }: Pick<MetricsSettings, 'source'>): number {
  return source.kind === 'prometheus' ? (source.delayMs ?? 0) : 0;
}

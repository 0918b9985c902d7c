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

export type MetricsSourceSettings =
  | { readonly kind: 'prometheus'; readonly url: string; readonly credentials: PrometheusCredentials }
  | {
      readonly kind: 'exporters';
      readonly targets: readonly ExporterTarget[];
      /** Absolute path of a Prometheus file_sd file with more targets. */
      readonly file: string | null;
    };

/** Where metrics come from and how targets become rigs (METRICS.md section 2, rule 2). */
export interface MetricsSettings {
  readonly intervalMs: number;
  readonly source: MetricsSourceSettings;
  /** Hosts that several rigs share: an equal host part of `instance` joins no targets there. */
  readonly sharedHosts: readonly string[];
  /** Labels that may name a rig, the most trusted first. */
  readonly rigLabels: readonly string[];
  /** Rigs of targets that nothing else names, by the host part of `instance`, exactly. */
  readonly rewrites: readonly { readonly instance: string; readonly rig: string }[];
}

import { z } from 'zod';
import { dialectsSchema, speedtestSchema } from './dialect-schema.ts';
import { labelName, labels, listOf, noLabels, orShort, section } from './groups.ts';
import { hostPattern, unknownGroup } from './host-pattern.ts';
import { duration, size, wholeNumber } from './measures.ts';
import { longText, name, orUnknown, pageUrl, reading, serverUrl } from './values.ts';

const choice = z.boolean({ error: 'true or false' });
const labelAllowed = 'the name of a label';
const label = z.string({ error: labelAllowed }).regex(labelName, { error: labelAllowed });

/** Checked one by one where the environment is known: see prometheus-access.ts. */
const headers = reading<Readonly<Record<string, string>>>((written) => {
  const entries =
    typeof written === 'object' && written !== null && !Array.isArray(written) ? Object.entries(written) : null;
  const isText = entries?.every(([, value]) => typeof value === 'string') === true;
  if (entries === null || !isText || entries.length > 20) {
    return { allowed: 'up to 20 headers and their values, {X-Scope-OrgID: farm}; a number stands in quotes' };
  }
  return { value: Object.fromEntries(entries) as Record<string, string> };
});

const prometheus = section({
  url: orUnknown(serverUrl),
  headers: headers.default(noLabels),
  tls: section({
    ca: orUnknown(longText),
    certificate: orUnknown(longText),
    key: orUnknown(longText),
    serverName: orUnknown(name),
  }).optional(),
  timeout: duration('1s', '5m').default(30_000),
  delay: duration('0s', '5m').default(0),
  maxSamples: wholeNumber(1000, 1e9, 'samples of one answer').default(50_000_000),
  maxBytes: size('1MiB', '64GiB').default(2 ** 31),
  shardBy: orShort(
    'label',
    section({ label, values: orUnknown(listOf('values of the label', name).min(1).max(1000)) }),
  ).optional(),
  dedup: orUnknown(choice),
  partialResponse: orUnknown(choice),
});

const target = section({
  rig: orUnknown(name),
  site: orUnknown(name),
  urls: listOf('addresses of exporters', pageUrl).min(1, { error: 'one address at least' }),
  labels: labels.default(noLabels),
});

/** `*` in a folder's name would have to search the disk. */
const targetsFile = longText.refine((path) => !/\*.*[/\\]/.test(path), {
  error: 'a path whose last part alone may hold *',
});

const exporters = section({
  targets: listOf('targets', target).default([]),
  file: orUnknown(targetsFile),
  files: listOf('paths', targetsFile).max(100, { error: '100 paths at most' }).default([]),
  httpSd: listOf('addresses', pageUrl).max(100, { error: '100 addresses at most' }).default([]),
  timeout: orUnknown(duration('1s', '5m')),
  maxBytes: size('64KiB', '1GiB').default(32 * 2 ** 20),
  spread: orUnknown(duration('0s', '10m')),
});

/** One of the two ways to name hosts, and the rig that they are. */
const rewrite = section({ instance: orUnknown(name), match: orUnknown(longText), rig: name }).superRefine(
  ({ instance, match, rig }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (instance !== null && match !== null) refuse('match', 'one of instance and match');
    if (instance === null && match === null) refuse('instance', 'an exact host, or match with a regular expression');
    if (match === null) return;
    const compiled = hostPattern(match);
    if ('refusal' in compiled) return refuse('match', compiled.refusal);
    const unknown = unknownGroup(rig, compiled);
    if (unknown !== null) refuse('rig', `a name with groups of match: $1 for the first (${unknown} is none)`);
  },
);

const stateTime = duration('0s', '10m').default(120_000);

/** Where metrics come from, and how they are read. */
export const metricsSchema = section({
  interval: duration('5s', '10m').default(30_000),
  tooOld: orUnknown(duration('15s', '1d')),
  states: section({ miningGap: stateTime, downAfter: stateTime }).prefault({}),
  prometheus: prometheus.optional(),
  exporters: exporters.optional(),
  sharedHosts: listOf('hosts', name).default([]),
  rigLabels: listOf('labels', name).default(['rig', 'worker', 'nodename', 'hostname', 'Hostname']),
  rewrites: listOf('rewrites', rewrite).max(1000, { error: '1000 rewrites at most' }).default([]),
  speedtest: speedtestSchema.optional(),
  dialects: dialectsSchema,
});

export type MetricsFile = z.output<typeof metricsSchema>;

import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { ChatSettings } from '../domain/chat-settings.ts';
import type { Farm } from '../domain/farm.ts';
import type { LedgerSettings } from '../domain/ledger-settings.ts';
import type { MetricsSettings } from '../domain/metrics-settings.ts';
import { type Contradiction, contradictions } from './consistency.ts';
import { type Environment, readEnvironment, type Variables } from './environment.ts';
import { farmOf } from './farm.ts';
import { fileFault } from './file-text.ts';
import { type Inventory, parseInventory } from './inventory.ts';
import { type Path, settleKeys, type UnknownKey } from './keys.ts';
import { metricsOf } from './metrics.ts';
import { metricsMistakes } from './metrics-mistakes.ts';
import { ConfigError, describeFound, type Mistake } from './mistake.ts';
import { readPrometheusAccess } from './prometheus-access.ts';
import { rigNameMistakes } from './rig-names.ts';
import { defaultCurrency, type FileSettings, fileSchema } from './schema.ts';
import { currencyCode, nearestOf } from './values.ts';
import { parseYaml, topLevel } from './yaml-text.ts';

export interface Config {
  readonly farm: Farm;
  readonly metrics: MetricsSettings;
  readonly ledger: LedgerSettings;
  readonly chat: ChatSettings;
  readonly environment: Environment;
  /** Values of `metrics.prometheus.headers` that came from variables. */
  readonly secretHeaders: readonly string[];
  /** Absolute path of the file, or null where the text came from elsewhere. */
  readonly configPath: string | null;
}

export const defaultFile = 'rigshift.yaml';

export interface ConfigText {
  /** Where the text stands, for messages and as the start of relative paths; null where it is no file. */
  readonly path: string | null;
  readonly env: Variables;
  /** Reads the inventory and PEM files. Its error's message is shown. */
  readonly readFile: (path: string) => Promise<string>;
}

/** @throws ConfigError with every mistake of the text, of the files that it names and of the environment. */
export async function parseConfig(text: string, { path, env, readFile: read }: ConfigText): Promise<Config> {
  const environment = readEnvironment(env);
  const yaml = parseYaml(text);
  const { group, mistakes } = topLevel(yaml);
  const fileName = path ?? defaultFile;
  if (group === undefined) throw new ConfigError([...mistakes, ...environment.mistakes], fileName);

  const unknownKeys: UnknownKey[] = [];
  const settled = settleKeys(fileSchema, group, (key) => unknownKeys.push(key));
  const parsed = fileSchema.safeParse(settled);
  const folder = dirname(fileName);
  const inventory = await readInventory(settled, folder, read);
  const access = await readPrometheusAccess(valueAt(settled, ['metrics', 'prometheus']), { env, folder, read });
  const found = [
    ...unknownKeys.map(unknownKeyMistake),
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => valueMistake(issue, settled))),
    ...access.mistakes,
    ...metricsMistakes(settled, environment.prometheusUrl),
    // Of a key that stands there twice nobody knows which one is meant.
    ...(mistakes.length > 0
      ? []
      : [...contradictions(settled, inventory.lines), ...rigNameMistakes(settled, inventory.lines)]),
  ].map((mistake) => printed(mistake, yaml.lineOf));
  const all = [...inFileOrder([...mistakes, ...found]), ...inventory.mistakes, ...environment.mistakes];
  if (all.length > 0 || !parsed.success || environment.environment === null) throw new ConfigError(all, fileName);

  const farm = farmOf(
    parsed.data,
    inventory.lines.flatMap(({ row }) => row ?? []),
  );
  return {
    farm,
    metrics: metricsOf(parsed.data.metrics, { environment, access, sites: farm.sites, folder }),
    ledger: ledgerOf(parsed.data.ledger),
    chat: parsed.data.chat,
    environment: environment.environment,
    secretHeaders: access.secrets,
    configPath: path,
  };
}

function ledgerOf({ hours, aggregates, changes, backfill }: FileSettings['ledger']): LedgerSettings {
  return { hoursDays: hours, aggregatesDays: aggregates, changesDays: changes, backfillDays: backfill };
}

async function readInventory(file: unknown, folder: string, read: ConfigText['readFile']): Promise<Inventory> {
  const place = valueAt(file, ['inventory']);
  if (typeof place !== 'string' || place.trim() === '') return { lines: [], mistakes: [] };
  const currency = currencyCode(valueAt(file, ['farm', 'currency'])) ?? defaultCurrency;
  try {
    return parseInventory(await read(resolve(folder, place.trim())), currency);
  } catch (error) {
    const found = `${describeFound(place)}: ${fileFault(error)}`;
    return { lines: [], mistakes: [{ path: 'inventory', found, allowed: 'a CSV file that can be read' }] };
  }
}

function unknownKeyMistake({ path, known, nearest }: UnknownKey): Contradiction {
  return { path, found: 'an unknown key', allowed: known.join(', '), nearest };
}

function valueMistake(issue: z.core.$ZodIssue, file: unknown): Contradiction {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const found = describeFound(valueAt(file, path));
  return { path, found, allowed: issue.message, nearest: nearestOf(issue) };
}

/** What stands at a path; where a short form stands in place of a group, that form. */
function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((group, step) => {
    if (typeof group !== 'object' || group === null) return group;
    return Object.hasOwn(group, step) ? (group as Readonly<Record<string | number, unknown>>)[step] : undefined;
  }, value);
}

function printed(
  { path, found, allowed, nearest }: Contradiction,
  lineOf: (path: Path) => number | undefined,
): Mistake {
  const hint = nearest === undefined ? {} : { nearest };
  if (typeof path === 'string') return { path, found, allowed, ...hint };
  const line = lineOf(path);
  return { path: z.core.toDotPath([...path]), found, allowed, ...hint, ...(line === undefined ? {} : { line }) };
}

function inFileOrder(mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.toSorted((a, b) => (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER));
}

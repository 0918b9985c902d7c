import { z } from 'zod';
import type { PrometheusCredentials } from '../domain/metrics-settings.ts';
import { describeFound, type Mistake } from './mistake.ts';
import { nearestOf, oneOf, orUnknown, reading, serverUrl } from './values.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Where a server listens. */
export interface Address {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

/** Secrets and addresses, from environment variables; null is "not set". */
export interface Environment {
  readonly discordToken: string | null;
  readonly discordApiUrl: string | null;
  readonly slackBotToken: string | null;
  readonly slackAppToken: string | null;
  readonly slackSigningSecret: string | null;
  readonly slackApiUrl: string | null;
  readonly alertmanagerUrl: string | null;
  /** `sqlite:PATH`, `postgres://…` or `postgresql://…`. */
  readonly databaseUrl: string;
  readonly http: Address;
  /** For what must be reached from outside; null is off. */
  readonly publicHttp: Address | null;
  readonly webhookSecret: string | null;
  readonly reportSecret: string | null;
  readonly logLevel: LogLevel;
}

const text = orUnknown(z.string());
const url = orUnknown(serverUrl);

function matching(pattern: RegExp, allowed: string) {
  return z.string().regex(pattern, { error: allowed });
}

const hostAllowed = 'a host name or address without port, such as 127.0.0.1';
const host = z.union([z.ipv4(), z.ipv6(), z.hostname()], { error: hostAllowed });

const port = reading((written) => {
  const value = /^\d{1,5}$/.test(String(written)) ? Number(written) : Number.NaN;
  return value <= 65_535 ? { value } : { allowed: 'a port from 0 to 65535' };
});

const longSecret = orUnknown(z.string().min(16, { error: '16 characters at least' }));
const databaseUrl = matching(
  /^(?:sqlite:\S.*|postgres(?:ql)?:\/\/\S+)$/,
  'sqlite:PATH or postgres://USER@HOST/DATABASE',
);

interface Variable<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** One line for `.env.example`. */
  readonly why: string;
  /** Never shown. */
  readonly secret?: true;
}

function variable<Schema extends z.ZodType>(schema: Schema, why: string): Variable<Schema> {
  return { schema, why };
}

function secret<Schema extends z.ZodType>(schema: Schema, why: string): Variable<Schema> {
  return { schema, why, secret: true };
}

/** Every variable that is read, in the order of `.env.example`. */
export const variables = {
  RIGSHIFT_CONFIG: variable(text, 'Path of the configuration file; otherwise ./rigshift.yaml where it exists.'),
  PROMETHEUS_URL: variable(url, 'Server with the Prometheus HTTP API; goes before metrics.prometheus.url of the file.'),
  PROMETHEUS_USERNAME: variable(text, 'Basic authentication at PROMETHEUS_URL, together with PROMETHEUS_PASSWORD.'),
  PROMETHEUS_PASSWORD: secret(text, 'The password of PROMETHEUS_USERNAME.'),
  PROMETHEUS_TOKEN: secret(text, 'Bearer token for PROMETHEUS_URL, instead of user name and password.'),
  ALERTMANAGER_URL: variable(url, 'Alertmanager whose alerts and silences are shown.'),
  DATABASE_URL: secret(
    databaseUrl.default('sqlite:data/rigshift.db'),
    'Where the ledger is kept: sqlite:PATH or postgres://…; default sqlite:data/rigshift.db.',
  ),
  DISCORD_TOKEN: secret(text, 'Token of the Discord bot; without it Discord is off.'),
  SLACK_BOT_TOKEN: secret(text, 'Token of the Slack bot (xoxb-…); without it Slack is off.'),
  SLACK_APP_TOKEN: secret(text, 'Token of the Slack app (xapp-…) for Socket Mode, which needs no public address.'),
  SLACK_SIGNING_SECRET: secret(
    text,
    'Checks what Slack sends to /slack/events at PUBLIC_PORT, where Socket Mode is not used.',
  ),
  HTTP_HOST: variable(host.default('127.0.0.1'), 'Where health and metrics listen; default 127.0.0.1.'),
  HTTP_PORT: variable(port.default(8080), 'Port of health and metrics; default 8080.'),
  PUBLIC_HOST: variable(host.default('0.0.0.0'), 'Where webhooks listen once PUBLIC_PORT is set; default 0.0.0.0.'),
  PUBLIC_PORT: variable(orUnknown(port), 'Port that must be reached from outside, for webhooks; off unless set.'),
  WEBHOOK_SECRET: secret(longSecret, 'Checks incoming webhooks; 16 characters at least.'),
  REPORT_SECRET: secret(longSecret, 'Signs links to reports; 16 characters at least.'),
  LOG_LEVEL: variable(oneOf(logLevels).default('info'), `How much is logged: ${logLevels.join(', ')}; default info.`),
  DISCORD_API_URL: variable(url, "Another address of Discord's API, for tests and proxies."),
  SLACK_API_URL: variable(url, "Another address of Slack's API, for tests and proxies."),
} satisfies Readonly<Record<string, Variable>>;

type Table = typeof variables;
export type VariableName = keyof Table;
type Values = { readonly [Name in VariableName]: z.output<Table[Name]['schema']> };

export interface EnvironmentReading {
  readonly mistakes: readonly Mistake[];
  /** Null where there are mistakes. */
  readonly environment: Environment | null;
  readonly prometheusUrl: string | null;
  readonly credentials: PrometheusCredentials;
}

/** A variable's text without the white space around it; an empty one counts as unset. */
export function setting(env: Variables, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/** Reads and checks the variables; foreign ones are ignored. Never throws. */
export function readEnvironment(env: Variables): EnvironmentReading {
  const names = Object.keys(variables) as VariableName[];
  const written = Object.fromEntries(names.map((name) => [name, setting(env, name)]));
  const shape = Object.fromEntries(names.map((name) => [name, variables[name].schema]));
  const parsed = z.object(shape).safeParse(written);
  const mistakes = parsed.success ? [] : parsed.error.issues.map((issue) => variableMistake(issue, env));
  mistakes.push(...pairMistakes(env));
  const values = parsed.success ? (parsed.data as Values) : null;
  return {
    mistakes,
    environment: values && environmentOf(values),
    prometheusUrl: setting(env, 'PROMETHEUS_URL') ?? null,
    credentials: credentialsOf(env),
  };
}

function variableMistake(issue: z.core.$ZodIssue, env: Variables): Mistake {
  const path = String(issue.path[0]) as VariableName;
  const value = setting(env, path);
  const found = isSecret(path) ? `a secret of ${value?.length ?? 0} characters` : describeFound(value);
  const nearest = nearestOf(issue);
  return { path, found, allowed: issue.message, ...(nearest && { nearest }) };
}

function isSecret(name: VariableName): boolean {
  const entry: Variable = variables[name];
  return entry.secret === true;
}

/** Variables that mean nothing without each other, or contradict each other. */
function pairMistakes(env: Variables): Mistake[] {
  const isSet = (name: VariableName) => setting(env, name) !== undefined;
  const mistakes: Mistake[] = [];
  if (isSet('PROMETHEUS_USERNAME') !== isSet('PROMETHEUS_PASSWORD')) {
    const [path, missing]: readonly VariableName[] = isSet('PROMETHEUS_USERNAME')
      ? ['PROMETHEUS_USERNAME', 'PROMETHEUS_PASSWORD']
      : ['PROMETHEUS_PASSWORD', 'PROMETHEUS_USERNAME'];
    mistakes.push({ path: String(path), found: `a value without ${missing}`, allowed: 'both or none' });
  }
  if (isSet('PROMETHEUS_TOKEN') && (isSet('PROMETHEUS_USERNAME') || isSet('PROMETHEUS_PASSWORD'))) {
    const found = 'a value beside PROMETHEUS_USERNAME or PROMETHEUS_PASSWORD';
    mistakes.push({ path: 'PROMETHEUS_TOKEN', found, allowed: 'a token, or user name and password' });
  }
  const slackNeeds = 'SLACK_BOT_TOKEN with SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)';
  if (isSet('SLACK_BOT_TOKEN') && !isSet('SLACK_APP_TOKEN') && !isSet('SLACK_SIGNING_SECRET')) {
    mistakes.push({
      path: 'SLACK_BOT_TOKEN',
      found: 'a value without SLACK_APP_TOKEN or SLACK_SIGNING_SECRET',
      allowed: slackNeeds,
    });
  }
  if (isSet('SLACK_SIGNING_SECRET') && !isSet('SLACK_APP_TOKEN') && !isSet('PUBLIC_PORT')) {
    const allowed = 'PUBLIC_PORT beside it, where Slack can reach this machine, or SLACK_APP_TOKEN (Socket Mode)';
    mistakes.push({ path: 'SLACK_SIGNING_SECRET', found: 'a value without PUBLIC_PORT', allowed });
  }
  for (const path of ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'] as const) {
    if (isSet(path) && !isSet('SLACK_BOT_TOKEN'))
      mistakes.push({ path, found: 'a value without SLACK_BOT_TOKEN', allowed: slackNeeds });
  }
  return mistakes;
}

function credentialsOf(env: Variables): PrometheusCredentials {
  const token = setting(env, 'PROMETHEUS_TOKEN');
  if (token !== undefined) return { kind: 'bearer', token };
  const username = setting(env, 'PROMETHEUS_USERNAME');
  const password = setting(env, 'PROMETHEUS_PASSWORD');
  return username === undefined || password === undefined ? { kind: 'none' } : { kind: 'basic', username, password };
}

function environmentOf(values: Values): Environment {
  return {
    discordToken: values.DISCORD_TOKEN,
    discordApiUrl: values.DISCORD_API_URL,
    slackBotToken: values.SLACK_BOT_TOKEN,
    slackAppToken: values.SLACK_APP_TOKEN,
    slackSigningSecret: values.SLACK_SIGNING_SECRET,
    slackApiUrl: values.SLACK_API_URL,
    alertmanagerUrl: values.ALERTMANAGER_URL,
    databaseUrl: values.DATABASE_URL,
    http: { host: values.HTTP_HOST, port: values.HTTP_PORT },
    publicHttp: values.PUBLIC_PORT === null ? null : { host: values.PUBLIC_HOST, port: values.PUBLIC_PORT },
    webhookSecret: values.WEBHOOK_SECRET,
    reportSecret: values.REPORT_SECRET,
    logLevel: values.LOG_LEVEL,
  };
}

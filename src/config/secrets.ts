import type { Config } from './parse.ts';

/** Every secret of a configuration, the passwords inside addresses too: what must appear in no log. */
export function secretsOf({
  environment,
  metrics,
  secretHeaders,
}: Pick<Config, 'environment' | 'metrics' | 'secretHeaders'>): readonly string[] {
  const { discordToken, slackBotToken, slackAppToken, slackSigningSecret, webhookSecret, reportSecret } = environment;
  const { source } = metrics;
  const credentials = source.kind === 'prometheus' ? source.credentials : ({ kind: 'none' } as const);
  const all = [
    discordToken,
    slackBotToken,
    slackAppToken,
    slackSigningSecret,
    webhookSecret,
    reportSecret,
    credentials.kind === 'basic' ? credentials.password : null,
    credentials.kind === 'bearer' ? credentials.token : null,
    ...secretHeaders,
    source.kind === 'prometheus' ? (source.tls?.key ?? null) : null,
    ...passwordsOf(environment.databaseUrl),
  ];
  return all.flatMap((secret) => (secret === null || secret === '' ? [] : [secret]));
}

/** As it is written and as it is meant: `p%40ss` is `p@ss`. */
function passwordsOf(databaseUrl: string): readonly string[] {
  const written = URL.parse(databaseUrl)?.password ?? '';
  if (written === '') return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}

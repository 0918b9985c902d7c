import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readEnvironment, setting, type Variables } from './environment.ts';
import { fileFault, readFileText } from './file-text.ts';
import { ConfigError } from './mistake.ts';
import { type Config, defaultFile, parseConfig } from './parse.ts';

export interface ConfigPlace {
  /** As given by `--config`. */
  readonly configPath?: string | undefined;
  readonly env: Variables;
  /** Absolute. */
  readonly cwd: string;
}

/**
 * Reads the configuration that `--config`, RIGSHIFT_CONFIG or ./rigshift.yaml names, its inventory and the environment.
 * @throws ConfigError with every mistake of all three.
 */
export async function loadConfig({ configPath, env, cwd }: ConfigPlace): Promise<Config> {
  const named = configPath ?? setting(env, 'RIGSHIFT_CONFIG');
  const path = resolve(cwd, named ?? defaultFile);
  const file = await readFileText(path).then(
    (text) => ({ text }),
    (error: unknown) => ({ fault: fileFault(error) }),
  );
  if ('text' in file) return parseConfig(file.text, { path, env, readFile: readFileText });
  const allowed =
    named === undefined && !existsSync(path)
      ? 'a file with the power price of one site at least; docs/configuration.md begins with the smallest example'
      : 'a file that can be read';
  const mistake = { path: named ?? defaultFile, found: file.fault, allowed };
  throw new ConfigError([mistake, ...readEnvironment(env).mistakes], path);
}

/** Whether nothing at all is configured, so that showing a simulated farm cannot be mistaken for the real one. */
export function demoApplies({ configPath, env, cwd }: ConfigPlace): boolean {
  if (configPath !== undefined || setting(env, 'RIGSHIFT_CONFIG') !== undefined) return false;
  if (existsSync(resolve(cwd, defaultFile))) return false;
  const isConfigured = /^(?:DISCORD_.*|SLACK_.*|PROMETHEUS_URL|ALERTMANAGER_URL|DATABASE_URL)$/;
  return !Object.keys(env).some((variable) => isConfigured.test(variable) && setting(env, variable) !== undefined);
}

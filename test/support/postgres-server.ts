import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { findProgram } from './servers.ts';

export interface PostgresServer {
  readonly port: number;
  /** Creates an empty database and answers with its address. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

const startTimeoutMs = 15_000;

/** A PostgreSQL of its own on loopback, in a folder that goes when it stops. It does not run as root, so neither does this. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rigshift-postgres-'));
  // The account that runs the server makes its own folder in here.
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  // A language whose order is not that of the bytes, as servers in the field have.
  runAsNobody('initdb', [
    '-D',
    data,
    '-U',
    'rigshift',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale-provider=icu',
    '--icu-locale=en-US',
    '--no-sync',
  ]);

  const port = await freePort();
  const [program, args] = asNobody('postgres', ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', '', '-F']);
  const server = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  server.stderr.on('data', (text) => {
    log = (log + text).slice(-4_000);
  });
  const stop = async () => {
    await stopProcess(server);
    rmSync(folder, { recursive: true, force: true });
  };

  const addressOf = (database: string) => `postgres://rigshift:not-a-secret@127.0.0.1:${port}/${database}`;
  try {
    await untilAnswering(addressOf('postgres'), server, () => log);
  } catch (error) {
    await stop();
    throw error;
  }
  let databases = 0;
  return {
    port,
    stop,
    createDatabase: async () => {
      databases += 1;
      const name = `test_${databases}`;
      await ask(addressOf('postgres'), `create database ${name}`);
      return addressOf(name);
    },
  };
}

/** Runs statements on a connection of their own. */
export async function ask(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

async function untilAnswering(url: string, server: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    try {
      await ask(url, 'select 1');
      return;
    } catch (error) {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}:\n${log()}`);
      if (Date.now() > deadline) throw new Error(`PostgreSQL does not answer:\n${log()}`, { cause: error });
      await pause(50);
    }
  }
}

/** SIGINT is PostgreSQL's fast shutdown; the program that changes the user hands it on. */
async function stopProcess(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGINT');
  const timer = setTimeout(() => server.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(timer);
}

function runAsNobody(name: string, args: readonly string[]): void {
  const [program, allArgs] = asNobody(name, args);
  execFileSync(program, allArgs, { cwd: tmpdir(), stdio: ['ignore', 'ignore', 'pipe'], timeout: startTimeoutMs });
}

/** setpriv becomes the program it starts, so that the signal goes to the server itself. */
function asNobody(name: string, args: readonly string[]): [string, string[]] {
  const program = postgresProgram(name);
  if (process.getuid?.() !== 0) return [program, [...args]];
  const setpriv = findProgram('setpriv');
  if (setpriv === null) throw new Error('PostgreSQL does not run as root, and setpriv is not installed');
  return [setpriv, ['--reuid=nobody', '--regid=nogroup', '--clear-groups', program, ...args]];
}

/** Debian's own folder first: what is found elsewhere under this name may be a wrapper. */
function postgresProgram(name: string): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const program =
    versions.map((version) => join(debian, version, 'bin', name)).find((path) => existsSync(path)) ?? findProgram(name);
  if (program === null) throw new Error(`${name} is not installed`);
  return program;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from '../../adapters/log/log.ts';
import { UpstreamError } from '../../src/domain/errors.ts';

function recorded(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', stream: { write: (line) => lines.push(line) }, ...options });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

describe('createLog', () => {
  it('writes one JSON line per entry, with the fields of each child', () => {
    const { log, lines, last } = recorded();
    log.child({ job: 'observation' }).child({ rig: 'a1' }).warn({ targets: 3, ratio: 0.5, site: null }, 'rig is late');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      job: 'observation',
      rig: 'a1',
      targets: 3,
      ratio: 0.5,
      site: null,
      msg: 'rig is late',
    });
  });

  it.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['silent', 0],
  ] as const)('at %s writes %i of four levels', (level, count) => {
    const { log, lines } = recorded({ level });
    for (const name of ['debug', 'info', 'warn', 'error'] as const) log[name]({}, name);
    expect(lines).toHaveLength(count);
  });

  it('keeps an error whole: its type, fields, stack and every cause', () => {
    const { log, last } = recorded();
    const refused = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
    const cause = new AggregateError([refused], 'no address answered');
    log.error(
      { err: new UpstreamError('prometheus', 'query failed', { retryAfterMs: 500, cause }) },
      'observation failed',
    );
    expect(last().err).toMatchObject({
      type: 'UpstreamError',
      message: 'query failed',
      system: 'prometheus',
      retryable: true,
      retryAfterMs: 500,
      stack: expect.stringContaining('log.test.ts'),
      cause: { type: 'AggregateError', errors: [{ message: 'connect refused', code: 'ECONNREFUSED' }] },
    });
  });

  it('takes an error in place of fields', () => {
    const { log, last } = recorded();
    log.error(new Error('lost'), 'unhandled rejection');
    expect(last()).toMatchObject({ err: { message: 'lost' }, msg: 'unhandled rejection' });
  });

  it('writes what JSON cannot hold', () => {
    const { log, last } = recorded();
    const circle: Record<string, unknown> = { at: new Date(0), shares: 3n, body: Buffer.alloc(12) };
    circle['self'] = circle;
    log.info({ circle, kinds: new Set(['up']), list: Array(1_000).fill(1), text: 'x'.repeat(20_000) }, 'odd');
    const { circle: written, list, text, kinds } = last();
    expect(written).toMatchObject({ at: '1970-01-01T00:00:00.000Z', shares: '3', body: '[12 bytes]' });
    expect(JSON.stringify(written)).toContain('[too deep]');
    expect(kinds).toEqual(['up']);
    expect(list.at(-1)).toBe('… (1000 items)');
    expect(text).toMatch(/^x{8192}… \(20000 characters\)$/);
  });

  it('writes to stderr and leaves stdout to answers', () => {
    const url = resolve(import.meta.dirname, '../../adapters/log/log.ts');
    const script = `import { createLog } from ${JSON.stringify(url)};
      const log = createLog({ level: 'info' });
      log.info({}, 'first'); log.info({}, 'last'); process.exit(0);`;
    const run = (redirect: string) =>
      execFileSync('/bin/sh', ['-c', `"$0" --input-type=module -e "$1" ${redirect}`, process.execPath, script], {
        encoding: 'utf8',
      });
    expect(run('2>/dev/null')).toBe('');
    expect(run('2>&1 >/dev/null')).toMatch(/"first".*\n.*"last"/);
  });
});

describe('secrets', () => {
  it.each([
    'token',
    'DISCORD_TOKEN',
    'slackBotToken',
    'password',
    'clientSecret',
    'Authorization',
    'set-cookie',
    'api_key',
    'webhookUrl',
    'DATABASE_URL',
  ])('hides the value of %s at any depth', (key) => {
    const { log, lines } = recorded();
    log.info({ [key]: 'hunter2', a: { [key]: 'hunter2', b: [{ [key]: { deep: 'hunter2' } }] } }, 'configured');
    log.child({ [key]: 'hunter2' }).error({ err: Object.assign(new Error('no'), { [key]: 'hunter2' }) }, 'failed');
    expect(lines.join('')).not.toContain('hunter2');
    expect(lines[0]).toContain(`"${key}":"[redacted]"`);
  });

  it('leaves alone what only sounds like one, and what is absent', () => {
    const { log, last } = recorded();
    log.info({ rig: 'a1', hashrate: 12, password: null }, 'ok');
    expect(last()).toMatchObject({ rig: 'a1', hashrate: 12, password: null });
  });

  it('finds a known secret wherever it is', () => {
    const secret = 'abc-"quoted"\\123';
    const { log, lines } = recorded({ secrets: [secret, 'pw', ''] });
    const cause = new Error(`401 for Bearer ${secret}`);
    log.error({ err: new Error('failed', { cause }), args: ['pw', secret], [secret]: 1 }, `sent ${secret}`);
    const line = lines.join('');
    expect(line).not.toContain(JSON.stringify(secret).slice(1, -1));
    expect(JSON.parse(line)).toMatchObject({ args: ['[redacted]', '[redacted]'], msg: 'sent [redacted]' });
  });

  it('takes the password out of a URL', () => {
    const { log, last } = recorded();
    log.info({ url: new URL('postgres://farm:s3cret@db/rigs'), text: 'GET http://u:p@host:9090/api failed' }, 'x');
    expect(last()).toMatchObject({
      url: 'postgres://farm:[redacted]@db/rigs',
      text: 'GET http://u:[redacted]@host:9090/api failed',
    });
  });

  it('never lets a known secret through, and always writes valid JSON', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, maxLength: 20 }).filter((s) => s.trim().length > 7),
        fc.anything(),
        fc.string(),
        (secret, value, around) => {
          fc.pre(!'[redacted]'.includes(secret));
          const { log, last } = recorded({ secrets: [secret] });
          log.info({ value, text: around + secret + around, nested: { list: [secret] } }, secret);
          const { text, nested, msg } = last();
          expect(text).not.toContain(secret);
          expect(nested).toEqual({ list: ['[redacted]'] });
          expect(msg).toBe('[redacted]');
        },
      ),
    );
  });
});

describe('pretty', () => {
  it('is for a terminal: time, level, message, fields, then the stack with its causes', () => {
    const { log, lines } = recorded({ pretty: true });
    log.error({ rig: 'a1', n: 2, err: new Error('failed', { cause: new Error('refused') }) }, 'observation failed');
    const [first, ...stack] = lines.join('').split('\n');
    expect(first).toMatch(/^\d\d:\d\d:\d\d error observation failed rig=a1 n=2$/);
    expect(stack[0]).toBe('  Error: failed');
    expect(stack).toContain('  caused by');
    expect(stack).toContain('  Error: refused');
  });

  it('shows control characters instead of obeying them', () => {
    const { log, lines } = recorded({ pretty: true });
    log.info({ rig: 'a1\u001b[2J\n00:00:00 info forged' }, 'seen');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(String.raw`rig='a1\x1B[2J\n00:00:00 info forged'`);
    expect(lines[0]!.split('\n')).toHaveLength(2);
  });
});

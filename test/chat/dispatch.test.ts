import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createDispatch, type DispatchOptions, type OutcomeEvent } from '../../src/chat/dispatch.ts';
import type { Invocation } from '../../src/chat/invocation.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import { createPresentation } from '../../src/chat/presentation.ts';
import { createRateLimit } from '../../src/chat/rate-limit.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { UpstreamError, UserError } from '../../src/domain/errors.ts';
import { memoryAudit } from '../support/memory-audit.ts';
import { memoryClaims } from '../support/memory-claims.ts';
import { restart, rig, rigs, type SampleContext, sampleCommands } from './sample-commands.ts';

interface Logged {
  readonly level: 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

const ada = { id: '1', name: 'Ada', groups: [], administers: false };

function harness(overrides: Partial<DispatchOptions<SampleContext>> = {}) {
  const logged: Logged[] = [];
  const outcomes: OutcomeEvent[] = [];
  const claims = memoryClaims();
  let nowMs = 1_000;
  const dispatch = createDispatch<SampleContext>({
    commands: sampleCommands,
    context: { run: async () => 320 },
    log: {
      warn: (fields, message) => logged.push({ level: 'warn', fields, message }),
      error: (fields, message) => logged.push({ level: 'error', fields, message }),
    },
    clock: {
      now: () => {
        nowMs += 5;
        return nowMs;
      },
    },
    presentation: createPresentation({
      locale: 'en',
      timeZone: 'America/Toronto',
      clock: { now: () => 0 },
      sayIn: sayEnglish,
    }),
    roleOf: () => 'viewer',
    changes: { audit: memoryAudit(), claim: (key, nowMs) => claims.claim(key, nowMs) },
    onOutcome: (event) => outcomes.push(event),
    newFailureId: () => 'f00d',
    ...overrides,
  });
  const ask = (text: string, locale = 'en', id: string | null = null) =>
    dispatch({ platform: 'console', text, user: ada, channel: 'garage', locale, id });
  return { ask, logged, outcomes };
}

function failing(error: unknown): Partial<DispatchOptions<SampleContext>> {
  return { context: { run: () => Promise.reject(error) } };
}

function textOf(reply: Reply): string {
  const texts = reply.blocks.map((block) => (block.kind === 'text' ? block.text : ''));
  return [reply.headline, ...texts].join('\n');
}

describe('an answer', () => {
  it('has the facts and the reply', async () => {
    const { ask, logged, outcomes } = harness();
    expect(await ask('rig a1')).toEqual({
      outcome: 'answered',
      command: 'rig',
      facts: { rig: 'a1', watts: 320 },
      reply: expect.objectContaining({ headline: 'a1 draws 320 W.' }),
    });
    expect(outcomes).toEqual([{ command: 'rig', outcome: 'answered', durationMs: 5 }]);
    expect(logged).toEqual([]);
  });

  it('leaves no timer behind that would keep a program from ending', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await harness().ask('rig a1');
      await harness(failing(new Error('no'))).ask('rig a1');
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('types the options', async () => {
    expect((await harness().ask('temps page:3 wide:yes')).facts).toEqual({ sort: 'temp', page: 3, wide: true });
  });

  it.each([
    ['fr', 'fr'],
    ['en-CA', 'en-CA'],
    ['', 'en'],
    ['xx-nowhere', 'en'],
    ['not_a_locale!', 'en'],
  ])('for the locale %j is printed in %s', async (asked, printed) => {
    const { reply } = await harness().ask('rig a1', asked);
    expect(reply.blocks).toEqual([{ kind: 'notes', tone: 'plain', notes: [`${printed} America/Toronto`] }]);
  });
});

describe("the asker's mistake", () => {
  it.each([
    ['proft', null, 'There is no command "proft".\nproft\n^\nType help'],
    ['rigs page:x', 'rigs', 'page: a page is a number.\nType help rigs'],
    ['rigs page:1.5', 'rigs', 'page: a page is a whole number.'],
    ['rig "a1', null, 'A quote is opened here and never closed.\nrig "a1\n    ^\nClose it'],
    ['rig', 'rig', 'rig needs name: which rig.\nType rig RIG.'],
  ])('%s', async (text, command, expected) => {
    const { ask, logged, outcomes } = harness();
    const answer = await ask(text);
    expect(answer).toMatchObject({ outcome: 'user', command, facts: null });
    expect(textOf(answer.reply)).toContain(expected);
    expect(answer.reply.next).toEqual([{ label: 'Help', command: command === null ? 'help' : `help ${command}` }]);
    expect(outcomes).toMatchObject([{ command, outcome: 'user' }]);
    expect(logged).toEqual([]);
  });

  it('found by the command itself is said with its remedy', async () => {
    const { reply, outcome } = await harness(failing(new UserError('No rig zz.', 'Did you mean a1?'))).ask('rig zz');
    expect(outcome).toBe('user');
    expect(textOf(reply)).toBe('No rig zz.\nDid you mean a1?');
  });
});

describe('roles', () => {
  it.each([
    ['viewer', 'user'],
    ['operator', 'answered'],
    ['admin', 'answered'],
  ] as const)('%s asking for an operator command: %s', async (role, outcome) => {
    const answer = await harness({ roleOf: async () => role }).ask('restart');
    expect(answer.outcome).toBe(outcome);
    if (outcome === 'user')
      expect(textOf(answer.reply)).toContain('for the role operator, and you have the role viewer');
  });

  it('are asked about the invocation', async () => {
    const asked: Invocation[] = [];
    const roleOf = (invocation: Invocation) => {
      asked.push(invocation);
      return 'viewer' as const;
    };
    await harness({ roleOf }).ask('rig a1');
    expect(asked).toMatchObject([{ user: { id: '1' }, text: 'rig a1' }]);
  });

  it('that cannot be told let nobody in', async () => {
    const { ask } = harness({ roleOf: () => Promise.reject(new Error('no roles')) });
    expect(await ask('restart')).toMatchObject({ outcome: 'bug', facts: null });
  });
});

describe('a change', () => {
  const audited = (overrides: Partial<DispatchOptions<SampleContext>> = {}) => {
    const audit = memoryAudit();
    const claims = memoryClaims();
    const changes = { audit, claim: (key: string, nowMs: number) => claims.claim(key, nowMs) };
    return { audit, ...harness({ roleOf: () => 'operator', changes, ...overrides }) };
  };

  it('is written down: who, where, what, with its result', async () => {
    const { ask, audit } = audited();
    expect((await ask('/fleet restart')).outcome).toBe('answered');
    expect(await audit.list({ limit: 10 })).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        atMs: expect.any(Number),
        platform: 'console',
        channel: 'garage',
        userId: '1',
        userName: 'Ada',
        command: 'restart',
        text: '/fleet restart',
        result: 'done',
        detail: 'Restarted.',
      },
    ]);
  });

  it('is written down before it is made', async () => {
    const running = Promise.withResolvers<object>();
    const { ask, audit } = audited({ commands: [{ ...restart, run: () => running.promise }] });
    const asked = ask('restart');
    await vi.waitFor(async () => expect(await audit.list({ limit: 1 })).toMatchObject([{ result: null }]));
    running.reject(new UserError('No such miner.'));
    await asked;
    expect(await audit.list({ limit: 1 })).toMatchObject([{ result: 'failed', detail: 'No such miner.' }]);
  });

  it('by somebody without the role is written down as denied', async () => {
    const { ask, audit } = audited({ roleOf: () => 'viewer' });
    await ask('restart');
    expect(await audit.list({ limit: 1 })).toMatchObject([{ result: 'denied', detail: /for the role operator/ }]);
  });

  it('that failed says why', async () => {
    const run = () => Promise.reject(new UpstreamError('alertmanager', 'refused'));
    const { ask, audit } = audited({ commands: [{ ...restart, run }] });
    expect((await ask('restart')).outcome).toBe('upstream');
    expect(await audit.list({ limit: 1 })).toMatchObject([{ result: 'failed', detail: 'refused' }]);
  });

  it('that ran out of time may still be made, and the audit says so', async () => {
    const run = () => new Promise<never>(() => undefined);
    const { ask, audit } = audited({ commands: [{ ...restart, run }], timeLimitMs: 1 });
    expect((await ask('restart')).outcome).toBe('upstream');
    expect(await audit.list({ limit: 1 })).toMatchObject([{ result: 'failed', detail: /may be done later/ }]);
  });

  it('is made once however often the platform repeats it', async () => {
    const run = vi.fn(async () => ({}));
    const { ask, audit } = audited({ commands: [{ ...restart, run }] });
    const answers = await Promise.all([1, 2, 3].map(() => ask('restart', 'en', 'event-1')));
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['answered', 'user', 'user']);
    expect(run).toHaveBeenCalledTimes(1);
    expect(await audit.list({ limit: 9 })).toHaveLength(1);
    await ask('restart', 'en', 'event-2');
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('that takes too long may still be made: nobody is invited to make it again', async () => {
    const { promise: never } = Promise.withResolvers<object>();
    const { ask } = audited({ commands: [{ ...restart, run: () => never }], timeLimitMs: 20 });
    const { outcome, reply } = await ask('restart');
    expect(outcome).toBe('upstream');
    expect(textOf(reply)).toBe(
      'Not done within 0 s: whether it will be is unknown.\nLook whether it was done before you ask again.',
    );
    expect(reply.next).toEqual([]);
  });

  it('that cannot be written down is not made', async () => {
    const run = vi.fn(async () => ({}));
    const audit = { ...memoryAudit(), begin: () => Promise.reject(new UpstreamError('store', 'the disk is full')) };
    const { ask } = harness({
      roleOf: () => 'operator',
      commands: [{ ...restart, run }],
      changes: { audit, claim: async () => true },
    });
    expect((await ask('restart')).outcome).toBe('upstream');
    expect(run).not.toHaveBeenCalled();
  });

  it('that was made but not written down is answered, and logged', async () => {
    const audit = { ...memoryAudit(), end: () => Promise.reject(new UpstreamError('store', 'the disk is full')) };
    const { ask, logged } = audited({ changes: { audit, claim: async () => true } });
    expect((await ask('restart')).outcome).toBe('answered');
    expect(logged).toMatchObject([{ level: 'error', message: 'result of a change not written down' }]);
  });

  it('cannot be made where nothing can be written down', async () => {
    const { outcome, reply } = await audited({ changes: null }).ask('restart');
    expect(outcome).toBe('user');
    expect(textOf(reply)).toContain('nothing can be changed from here');
  });
});

describe('somebody who asks too much', () => {
  it('is told when to ask again, and nobody else is', async () => {
    const allowance = { atOnce: 2, perMinute: 6 };
    const rateLimit = createRateLimit({
      clock: { now: () => 0 },
      user: allowance,
      channel: { atOnce: 9, perMinute: 9 },
    });
    const { ask } = harness({ rateLimit });
    const outcomes = [await ask('rig a'), await ask('rig a'), await ask('rig a')].map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['answered', 'answered', 'user']);
    expect(textOf((await ask('rig a')).reply)).toContain('Ask again in 10 s.');
  });

  it('is told so of mistakes too', async () => {
    const allowance = { atOnce: 2, perMinute: 6 };
    const rateLimit = createRateLimit({ clock: { now: () => 0 }, user: allowance, channel: allowance });
    const { ask } = harness({ rateLimit });
    await ask('proft');
    await ask('proft');
    expect(textOf((await ask('proft')).reply)).toContain('Ask again in 10 s.');
  });
});

describe('something outside', () => {
  it('that failed is named, with when to try again', async () => {
    const error = new UpstreamError('prometheus', 'connection refused', { retryAfterMs: 30_000 });
    const { ask, logged } = harness(failing(error));
    const { outcome, reply, facts } = await ask(' rig a1 ');
    expect([outcome, facts]).toEqual(['upstream', null]);
    expect(textOf(reply)).toBe('No answer, because prometheus failed.\nconnection refused\nTry again in 30 s.');
    expect(reply.next).toEqual([{ label: 'Try again', command: 'rig a1' }]);
    expect(logged).toMatchObject([{ level: 'warn', fields: { command: 'rig', system: 'prometheus' } }]);
  });

  it('that will go on failing offers no second try', async () => {
    const { reply } = await harness(failing(new UpstreamError('store', 'no such table', { retryable: false }))).ask(
      'rig a',
    );
    expect(textOf(reply)).toContain('Asking again will not help');
    expect(reply.next).toEqual([]);
  });

  it('that hangs is given up, and its late failure disturbs nobody', async () => {
    const hanging = Promise.withResolvers<number>();
    const { ask, logged, outcomes } = harness({ context: { run: () => hanging.promise }, timeLimitMs: 20 });
    const { outcome, reply } = await ask('rig a1');
    expect(outcome).toBe('upstream');
    expect(reply.headline).toContain('given up');
    expect(logged).toMatchObject([{ level: 'warn', fields: { command: 'rig', timeLimitMs: 20 } }]);
    expect(outcomes).toHaveLength(1);
    hanging.reject(new Error('too late'));
    await new Promise(setImmediate);
  });
});

describe('a mistake of ours', () => {
  const explode = (): never => {
    throw new Error('wires crossed');
  };

  it.each([
    ['run fails', failing(new TypeError('x is not a function'))],
    ['run throws nothing', failing(undefined)],
    ['run throws at once', { context: { run: explode } }],
    ['facts are not what was declared', { context: { run: async () => Number.NaN } }],
    ['present throws', { commands: [{ ...rig, present: explode }] }],
    ['the role is not known', { roleOf: explode }],
  ])('%s: logged once, under the id that the reply shows', async (_, overrides) => {
    const { ask, logged, outcomes } = harness(overrides);
    const { outcome, facts, reply } = await ask('rig a1');
    expect([outcome, facts]).toEqual(['bug', null]);
    expect(reply.headline).toContain('f00d');
    expect(textOf(reply)).not.toMatch(/wires|function/);
    expect(logged).toMatchObject([{ level: 'error', fields: { command: 'rig', failureId: 'f00d' } }]);
    expect(outcomes).toMatchObject([{ command: 'rig', outcome: 'bug' }]);
  });

  it('in counting does not cost the answer', async () => {
    const { ask, logged } = harness({ onOutcome: explode });
    expect((await ask('rig a1')).outcome).toBe('answered');
    expect(logged).toMatchObject([{ level: 'error' }]);
  });

  it('leaves out what the facts do not declare', async () => {
    const leaky = {
      ...rigs,
      facts: z.object({ sort: z.string() }),
      present: () => ({ headline: 'x', blocks: [], next: [] }),
    };
    expect((await harness({ commands: [leaky] }).ask('rigs')).facts).toEqual({ sort: 'name' });
  });

  it('in the list of commands is found at once', () => {
    expect(() => harness({ commands: [restart, restart] })).toThrow('both');
  });

  it('gets an id of its own each time', async () => {
    const { ask } = harness({ commands: [{ ...rig, present: explode }], newFailureId: () => crypto.randomUUID() });
    expect((await ask('rig a')).reply.headline).not.toBe((await ask('rig a')).reply.headline);
  });
});

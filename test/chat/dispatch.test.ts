import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createDispatch, type DispatchOptions, type OutcomeEvent } from '../../src/chat/dispatch.ts';
import type { Invocation } from '../../src/chat/invocation.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { UpstreamError, UserError } from '../../src/domain/errors.ts';
import { restart, rig, rigs, type SampleContext, sampleCommands } from './sample-commands.ts';

interface Logged {
  readonly level: 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

function harness(overrides: Partial<DispatchOptions<SampleContext>> = {}) {
  const logged: Logged[] = [];
  const outcomes: OutcomeEvent[] = [];
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
    presentation: { locale: 'en', timeZone: 'America/Toronto' },
    roleOf: () => 'viewer',
    onOutcome: (event) => outcomes.push(event),
    newFailureId: () => 'f00d',
    ...overrides,
  });
  const ask = (text: string, locale = 'en') =>
    dispatch({ platform: 'console', text, user: { id: '1', name: 'Ada' }, channel: 'console', locale });
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
    expect(outcomes).toEqual([{ command: 'rig', outcome: 'answered', durationMs: 10 }]);
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

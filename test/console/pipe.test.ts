import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createConsole } from '../../adapters/console/console.ts';
import type { Answer, Dispatch, Invocation } from '../../src/ports/chat.ts';
import { FakeChatHost } from '../support/chat-host.ts';

function answered(headline: string): Answer {
  return { outcome: 'answered', command: 'rig', facts: {}, reply: { headline, blocks: [], next: [] } };
}

function harness(dispatch: Dispatch) {
  const input = new PassThrough();
  const output = new PassThrough();
  const adapter = createConsole({
    input,
    output,
    host: Object.assign(new FakeChatHost([]), { dispatch }),
    banner: 'BANNER',
    user: { id: '7', name: 'Ada', groups: [], administers: true },
    historyFile: '/nowhere/at/all',
    locale: 'fr',
  });
  const printed = text(output).catch(() => 'nobody read this');
  const whole = async (): Promise<string> => {
    await adapter.finished;
    output.end();
    return printed;
  };
  return { adapter, input, output, whole };
}

describe('the console through a pipe', () => {
  it('answers every line in order and prints nothing else', async () => {
    const asked: Invocation[] = [];
    const { adapter, input, whole } = harness(async (invocation) => {
      asked.push(invocation);
      // The first takes longest; its answer still comes first.
      for (let turn = 0; turn < (asked.length === 1 ? 20 : 0); turn += 1) await new Promise(setImmediate);
      return answered(`<${invocation.text}>`);
    });
    await adapter.start();
    expect(adapter.connected()).toBe(true);
    input.end('rig a1\r\n\n   \n# a comment\n  rigs\nstatus');
    expect(await whole()).toBe('<rig a1>\n\n<rigs>\n\n<status>\n\n');
    expect(adapter.connected()).toBe(false);
    expect(asked[0]).toEqual({
      platform: 'console',
      text: 'rig a1',
      user: { id: '7', name: 'Ada', groups: [], administers: true },
      channel: 'console',
      locale: 'fr',
      id: null,
    });
  });

  it('finishes the answers that run when the input ends', async () => {
    const slow = Promise.withResolvers<Answer>();
    const begun = Promise.withResolvers<void>();
    const { adapter, input, whole } = harness(() => {
      begun.resolve();
      return slow.promise;
    });
    await adapter.start();
    input.end('rig a1\n');
    await begun.promise;
    slow.resolve(answered('late'));
    expect(await whole()).toBe('late\n\n');
  });

  it.each(['exit', 'QUIT'])('%s leaves the rest unasked', async (word) => {
    const { adapter, input, whole } = harness(async ({ text: line }) => answered(line));
    await adapter.start();
    input.write(`one\n${word}\ntwo\n`);
    expect(await whole()).toBe('one\n\n');
  });

  it('stops after the answer that runs', async () => {
    const slow = Promise.withResolvers<Answer>();
    const begun = Promise.withResolvers<void>();
    const { adapter, input, whole } = harness(() => {
      begun.resolve();
      return slow.promise;
    });
    await adapter.start();
    input.write('one\ntwo\n');
    await begun.promise;
    const stopped = adapter.stop();
    slow.resolve(answered('last'));
    await stopped;
    expect(await whole()).toBe('last\n\n');
  });

  it('stops before it started', async () => {
    const { adapter } = harness(async () => answered('never'));
    await adapter.stop();
    await adapter.start();
    expect(adapter.connected()).toBe(false);
  });

  it('leaves when nobody reads any more', async () => {
    const { adapter, input, output } = harness(async ({ text: line }) => answered(line));
    await adapter.start();
    input.write('one\n');
    output.destroy(new Error('EPIPE'));
    await adapter.finished;
    expect(adapter.connected()).toBe(false);
  });

  it('does not read ahead of its answers without end', async () => {
    const slow = Promise.withResolvers<Answer>();
    const { adapter, input } = harness(() => slow.promise);
    await adapter.start();
    const line = `${'x'.repeat(99)}\n`;
    let accepted = 0;
    while (accepted < 100_000 && (input.write(line) || input.readableLength === 0)) {
      accepted += 1;
      if (accepted % 100 === 0) await new Promise(setImmediate);
    }
    expect(accepted).toBeLessThan(10_000);
    slow.resolve(answered('x'));
    await adapter.stop();
  });
});

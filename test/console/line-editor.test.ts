import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createConsole } from '../../adapters/console/console.ts';
import type { Answer, Invocation } from '../../src/ports/chat.ts';
import { FakeChatHost } from '../support/chat-host.ts';

function terminal() {
  let seen = '';
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true as const, columns: 60 });
  output.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  return { input, output, seen: () => seen };
}

function harness(historyFile: string | null) {
  const { input, output, seen } = terminal();
  const asked: string[] = [];
  const waiting: PromiseWithResolvers<Answer>[] = [];
  const adapter = createConsole({
    input,
    output,
    host: Object.assign(new FakeChatHost([]), {
      dispatch: ({ text }: Invocation) => {
        asked.push(text);
        const answer = Promise.withResolvers<Answer>();
        waiting.push(answer);
        return answer.promise;
      },
    }),
    banner: 'BANNER',
    user: { id: '7', name: 'Ada', groups: [], administers: true },
    historyFile,
    locale: 'en',
  });
  const answer = (headline: string): void => {
    const reply = { headline, blocks: [], next: [] };
    waiting.shift()?.resolve({ outcome: 'answered', command: 'rig', facts: {}, reply });
  };
  return { adapter, input, seen, asked, answer };
}

const ERASED = '\u001b[1G\u001b[0J';

it('prints an answer above what somebody types meanwhile', async () => {
  const { adapter, input, seen, asked, answer } = harness(null);
  await adapter.start();
  input.write('rig a1\n');
  await expect.poll(() => asked, { interval: 5 }).toEqual(['rig a1']);
  input.write('sta');
  await expect.poll(seen, { interval: 5 }).toMatch(/sta$/);
  answer('a1 mines.');
  await expect.poll(seen, { interval: 5 }).toContain(`${ERASED}a1 mines.\n\n${ERASED}rigshift> sta`);
  input.write('tus\n');
  await expect.poll(() => asked, { interval: 5 }).toEqual(['rig a1', 'status']);
  answer('all well.');
  input.end();
  await adapter.finished;
});

it('finishes the answer that runs when somebody leaves, without another prompt', async () => {
  const { adapter, input, seen, asked, answer } = harness(null);
  await adapter.start();
  input.write('rig a1\n');
  await expect.poll(() => asked, { interval: 5 }).toEqual(['rig a1']);
  input.write('\u0004');
  input.write('\u0004');
  await new Promise(setImmediate);
  answer('a1 mines.');
  await adapter.finished;
  expect(seen()).toMatch(/a1 mines\.\n\n\n$/);
  expect(adapter.connected()).toBe(false);
});

it('says once that a history file cannot be used, and answers all the same', async () => {
  const { adapter, input, seen, asked, answer } = harness('/dev/null/history');
  await adapter.start();
  expect(seen()).toMatch(/^! What you type is not kept: ENOTDIR.*\nBANNER\n/);
  input.write('rig a1\n');
  await expect.poll(() => asked, { interval: 5 }).toEqual(['rig a1']);
  answer('a1 mines.');
  await expect.poll(seen, { interval: 5 }).toContain('a1 mines.');
  await adapter.stop();
  expect(seen().match(/not kept/g)).toHaveLength(1);
});

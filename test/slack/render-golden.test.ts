import { beforeAll, describe, it } from 'vitest';
import { renderReply } from '../../adapters/slack/render-reply.ts';
import { sayIn } from '../../src/main/speech.ts';
import { expectGolden } from '../support/golden.ts';
import { sampleNames, sampleQuestions, sampleReplies } from '../support/sample-replies.ts';
import { slackText } from './slack-text.ts';

let replies: Awaited<ReturnType<typeof sampleReplies>>;
beforeAll(async () => {
  replies = await sampleReplies();
});

/** As somebody sees it, and as it is sent. UPDATE_GOLDEN=1 writes the files anew. */
describe('what people see on Slack', () => {
  it.each(sampleNames)('%s', (name) => {
    const { locale } = sampleQuestions[name];
    const presentation = { locale, timeZone: 'UTC', nowMs: 0, say: sayIn(locale) };
    const message = renderReply(replies[name], { presentation, key: 'sample-1', demo: name === 'profit' });
    expectGolden(`slack/${name}.txt`, slackText(message));
    expectGolden(`slack/${name}.json`, JSON.stringify(message, null, 2));
  });
});

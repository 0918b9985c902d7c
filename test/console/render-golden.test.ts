import { beforeAll, describe, it } from 'vitest';
import { renderText } from '../../adapters/console/render-text.ts';
import { sayIn } from '../../src/main/speech.ts';
import { expectGolden } from '../support/golden.ts';
import { sampleNames, sampleQuestions, sampleReplies } from '../support/sample-replies.ts';

/** A terminal of 100 columns. UPDATE_GOLDEN=1 writes the files anew. */
let replies: Awaited<ReturnType<typeof sampleReplies>>;
beforeAll(async () => {
  replies = await sampleReplies();
});

describe('what people see on a terminal', () => {
  it.each(sampleNames)('%s', (name) => {
    const { locale } = sampleQuestions[name];
    const reader = { locale, timeZone: 'UTC', say: sayIn(locale) };
    expectGolden(`terminal/${name}.txt`, renderText(replies[name], { width: 100, color: false, reader }));
  });
});

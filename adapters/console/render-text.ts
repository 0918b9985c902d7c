import { styleText } from 'node:util';
import { chartLines } from '../../src/charts/chart-text.ts';
import type { Presentation } from '../../src/chat/command.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import { type LineStyle, plainText } from '../../src/chat/layout/plain-text.ts';
import type { Reply } from '../../src/chat/reply.ts';

export type Reader = Pick<Presentation, 'locale' | 'timeZone' | 'say'>;

export interface TextOptions {
  /** Columns of the terminal, at least 40; Infinity where nothing needs to be cut or wrapped. */
  readonly width: number;
  readonly color: boolean;
  /** Who reads it; somebody who reads English where it is missing. */
  readonly reader?: Reader;
}

const NARROWEST = 40;
const anybody: Reader = { locale: 'en-US', timeZone: 'UTC', say: sayEnglish('en-US') };

/** A reply for a terminal: no line is wider than the width, nothing is lost unseen, and colour only adds to the words. */
export function renderText(reply: Reply, { width, color, reader = anybody }: TextOptions): string {
  const { say, locale, timeZone } = reader;
  const styled = (style: LineStyle, line: string): string =>
    color && line !== '' ? styleText(style, line, { validateStream: false }) : line;
  return plainText(reply, {
    width: Math.max(NARROWEST, width),
    styled,
    say,
    chartLines: (chart, columns) => chartLines(chart, { width: columns, locale, timeZone }),
  });
}

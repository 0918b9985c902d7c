import type { Say } from '../languages/say.ts';

/** What a message says about itself: what was cut, where all of it is, and what else can be asked. */
export interface Sentences {
  rows(count: number, file: string): string;
  notes(count: number, file: string): string;
  values(count: number, file: string): string;
  parts(count: number, file: string): string;
  choices(count: number, file: string): string;
  questions(count: number, file: string): string;
  rest(file: string): string;
  clipped(file: string): string;
  more(count: number, hint: string): string;
  refusedFiles(names: string): string;
  noRows(): string;
  warning(): string;
  toType(): string;
  demo(): string;
  possibleRepeat(): string;
}

export function sentencesIn(say: Say): Sentences {
  return {
    rows: (count, file) =>
      say('and {count, plural, one {# more row} other {# more rows}}: the whole table is in {file}', { count, file }),
    notes: (count, file) =>
      say('and {count, plural, one {# more note} other {# more notes}}: all of them are in {file}', { count, file }),
    values: (count, file) =>
      say('and {count, plural, one {# more value} other {# more values}}: all of them are in {file}', { count, file }),
    parts: (count, file) =>
      say('and {count, plural, one {# more part} other {# more parts}}: the whole answer is in {file}', {
        count,
        file,
      }),
    choices: (count, file) =>
      say('and {count, plural, one {# more choice} other {# more choices}}: all of them are in {file}', {
        count,
        file,
      }),
    questions: (count, file) =>
      say('and {count, plural, one {# more question} other {# more questions}} to ask: all of them are in {file}', {
        count,
        file,
      }),
    rest: (file) => say('the rest is in {file}', { file }),
    clipped: (file) => say('Where text ends with …, all of it is in {file}.', { file }),
    more: (count, hint) => say('and {count} more: {hint}', { count, hint }),
    refusedFiles: (names) => say('Too many or too large to come along: {names}.', { names }),
    noRows: () => say('(no rows)'),
    warning: () => say('Warning:'),
    toType: () => say('You can also type:'),
    demo: () => say('Demo: a simulated farm, illustrative prices.'),
    possibleRepeat: () => say('This may be a repeat: nobody could look whether it was said before.'),
  };
}

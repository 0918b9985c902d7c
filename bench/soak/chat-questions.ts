import { writeLine } from '../../src/chat/write-line.ts';

/** A command whose answer everybody may see. */
export interface QuestionLine {
  readonly command: string;
  readonly options: Readonly<Record<string, string>>;
  /** As it is typed. */
  readonly line: string;
}

const questions: readonly Omit<QuestionLine, 'line'>[] = [
  { command: 'status', options: {} },
  { command: 'status', options: { site: 'texas' } },
  { command: 'profit', options: {} },
  { command: 'profit', options: { site: 'texas' } },
  { command: 'rigs', options: {} },
  { command: 'rigs', options: { sort: 'temp' } },
  { command: 'readiness', options: {} },
  { command: 'rig', options: { name: 'tx-3090-01' } },
  { command: 'rig', options: { name: 'nobody-has-it' } },
];

export const questionLines: readonly QuestionLine[] = questions.map((question) => ({
  ...question,
  line: writeLine(question.command, question.options),
}));

/** Commands whose answer the asker alone may see. */
export const privateLines = [
  { line: 'audit', isForAdmins: true },
  { line: 'help', isForAdmins: false },
] as const;

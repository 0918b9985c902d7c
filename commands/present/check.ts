import { formatCount, formatPart } from '../../src/chat/format-count.ts';
import type { NotesBlock, Reply } from '../../src/chat/reply.ts';
import type { CheckReport } from '../../src/fleet/check-report.ts';

const english = { locale: 'en' };
const count = (value: number, noun: string) => formatCount(value, noun, english);

/** What `check` found, as a reply. */
export function checkReply(report: CheckReport, configPath: string): Reply {
  const { rigs, gpus, targetsUp, targetsTotal, failures, findings, remarks } = report;
  const notes = (tone: NotesBlock['tone'], lines: readonly string[]): readonly NotesBlock[] =>
    lines.length === 0 ? [] : [{ kind: 'notes', tone, notes: lines }];
  const verdict =
    failures.length + findings.length === 0
      ? 'nothing to mend'
      : `${count(failures.length, 'target')} failed, ${count(findings.length, 'finding')}`;
  return {
    headline: `${configPath} is valid: ${count(rigs, 'rig')} with ${count(gpus, 'GPU')}, ${formatPart(targetsUp, targetsTotal, 'target', english)} answered; ${verdict}.`,
    blocks: [...notes('warning', [...failures, ...findings]), ...notes('plain', remarks)],
    next: [],
  };
}

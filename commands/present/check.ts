import { formatCount, formatPart } from '../../src/chat/format-count.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import type { NotesBlock, Reply } from '../../src/chat/reply.ts';
import type { CheckReport } from '../../src/fleet/check-report.ts';

/** It is printed on the command line alone, as are the configuration's mistakes. */
const english = { say: sayEnglish('en') };
const { say } = english;

/** What `check` found, as a reply. */
export function checkReply(report: CheckReport, configPath: string): Reply {
  const { rigs, gpus, targetsUp, targetsTotal, failures, findings, remarks } = report;
  const notes = (tone: NotesBlock['tone'], lines: readonly string[]): readonly NotesBlock[] =>
    lines.length === 0 ? [] : [{ kind: 'notes', tone, notes: lines }];
  const verdict =
    failures.length + findings.length === 0
      ? 'nothing to mend'
      : say('{failed} failed, {findings, plural, one {# finding} other {# findings}}', {
          failed: formatCount(failures.length, 'target', english),
          findings: findings.length,
        });
  return {
    headline: `${configPath} is valid: ${formatCount(rigs, 'rig', english)} with ${formatCount(gpus, 'GPU', english)}, ${formatPart(targetsUp, targetsTotal, 'target', english)} answered; ${verdict}.`,
    blocks: [...notes('warning', [...failures, ...findings]), ...notes('plain', remarks)],
    next: [],
  };
}

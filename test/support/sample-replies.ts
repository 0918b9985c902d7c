import { configurationYaml } from '../../adapters/simulator/configuration.ts';
import { startSimulator } from '../../adapters/simulator/server.ts';
import { commands } from '../../commands/index.ts';
import { answerOnce } from '../../src/app/answer-once.ts';
import type { QuestionPorts } from '../../src/app/questions.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { parseConfig } from '../../src/config/parse.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import { noStates } from '../../src/domain/work-state.ts';
import { openSource } from '../../src/main/outside.ts';
import { sayIn } from '../../src/main/speech.ts';
import { memoryAudit } from './memory-audit.ts';
import { memoryCards } from './memory-cards.ts';
import { memoryChanges } from './memory-changes.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { memoryTargets } from './memory-targets.ts';
import { northRow } from './north-farm.ts';
import { recordingLog } from './recording-log.ts';

const HOUR_MS = 3_600_000;
const nowMs = Date.parse('2026-11-22T12:00:00Z');

/** What is asked of the frozen farm of the demo, by the name of its golden files; each once, for all platforms. */
export const sampleQuestions = {
  'profit-of-a-rig': { text: 'profit tx-3090-01', locale: 'en-US' },
  'profit-in-french': { text: 'profit tx-3090-01', locale: 'fr-CA' },
  profit: { text: 'profit', locale: 'en-US' },
  status: { text: 'status', locale: 'en-US' },
  rigs: { text: 'rigs sort:margin', locale: 'en-US' },
  'rigs-as-a-file': { text: 'rigs format:csv', locale: 'en-US' },
  rig: { text: 'rig tx-3090-01', locale: 'en-US' },
  readiness: { text: 'readiness', locale: 'en-US' },
  digest: { text: 'digest', locale: 'en-US' },
  mistake: { text: 'profit site:quebek', locale: 'en-US' },
  'mistyped-command': { text: 'proft', locale: 'en-US' },
  help: { text: 'help', locale: 'en-US' },
} as const;

type SampleName = keyof typeof sampleQuestions;

export const sampleNames = Object.keys(sampleQuestions) as SampleName[];

/** The answers, as the real commands give them. */
export async function sampleReplies(): Promise<Readonly<Record<SampleName, Reply>>> {
  const clock = { now: () => nowMs };
  const farm = { rigs: 12, gpus: 6, seed: 1, port: 0, frozen: true, speed: 1, clock };
  const simulator = await startSimulator({ ...farm, startAtMs: nowMs });
  const yaml = configurationYaml(simulator.farm, simulator.url);
  const config = await parseConfig(yaml, { path: null, env: {}, readFile: async () => '' });
  const source = await openSource(config, clock);
  const store = {
    ledger: await sampleLedger(),
    audit: memoryAudit(),
    cards: memoryCards(),
    targets: memoryTargets(),
    changes: memoryChanges(),
  };
  const ports: QuestionPorts = { source, store, clock, log: recordingLog(), commands, sayIn };
  try {
    const answers = sampleNames.map(async (name) => {
      const { text, locale } = sampleQuestions[name];
      return [name, (await answerOnce(config, ports, text, locale)).reply] as const;
    });
    return Object.fromEntries(await Promise.all(answers)) as Record<SampleName, Reply>;
  } finally {
    await source.close();
    await simulator.close();
  }
}

/** A rented and a mining rig over the day before and today's morning, with three hours that nobody saw. */
async function sampleLedger(): Promise<MemoryLedger> {
  const ledger = new MemoryLedger();
  const begin = Date.parse('2026-11-21T00:00:00Z');
  for (let startMs = begin; startMs < nowMs; startMs += HOUR_MS) {
    const hour = new Date(startMs).getUTCHours();
    if (hour >= 3 && hour < 6) continue;
    await ledger.commit({
      rows: [
        northRow({ startMs, rig: 'qc-riser-01', site: 'quebec' }),
        northRow({ startMs, rig: 'tx-3090-01', site: 'texas', ...rentedHour(hour % 4 === 0 ? 4 : 5) }),
      ],
      accounts: [],
    });
  }
  return ledger;
}

function rentedHour(rented: number): Partial<LedgerRow> {
  return {
    mined: [],
    stateSeconds: { ...noStates(), rented: rented * 3600, 'idle-listed': (6 - rented) * 3600 },
    models: [{ model: 'RTX 3090', ownedSeconds: 6 * 3600, observedSeconds: 6 * 3600, rentedSeconds: rented * 3600 }],
    rentedRevenue: { amount: rented * 0.12, currency: 'USD' },
  };
}

import { availableParallelism, cpus, loadavg } from 'node:os';
import { printChats } from './chat-print.ts';
import { runChild } from './children.ts';
import type { EventLoopDelay } from './event-loop-delay.ts';
import type { FleetFigures } from './fleet-child.ts';
import { printObservation } from './observation-print.ts';
import { benchScanner } from './scanner.ts';
import { measureStart } from './start.ts';
import { aimOf, megabytes, milliseconds, printDelay, printHeading, printRow } from './table.ts';

/*
 * Prints how fast Rigshift is. Machines are noisy: what counts are ratios within one run. Nothing here fails; a missed
 * aim is said beside its figure.
 */

const PROFIT_MS = 50;
const MEMORY_BYTES = 700e6;
/** Without a limit the heap grows with the machine's memory and not with the fleet's: garbage is kept as long as it may. */
const HEAP_LIMIT_MB = 384;
const START_SECONDS = 2;

const [load = Number.NaN] = loadavg();
process.stdout.write(
  `Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown CPU'}, load ${load.toFixed(1)} before\n`,
);
await printScanner();
await printObservation();
await printFleet();
await printChats();
await printStart();

async function printScanner(): Promise<void> {
  printHeading('Scanner: recorded scrapes, one core');
  const rows = await benchScanner();
  const json = rows.find(({ what }) => what.startsWith('JSON.parse'));
  const parser = rows.find(({ what }) => what.startsWith('parse-prometheus'));
  for (const { what, megabytesPerSecond, nanosecondsPerSample } of rows) {
    // Samples and not bytes are compared: the same samples are fewer bytes as JSON.
    const times = (other: typeof json) =>
      other === undefined ? 'unknown' : (other.nanosecondsPerSample / nanosecondsPerSample).toFixed(1);
    const ours = what.startsWith('scanner');
    printRow({
      what,
      figure: `${megabytesPerSecond} MB/s`,
      aim: '',
      beside: ours
        ? `${nanosecondsPerSample} ns/sample: ${times(json)} times JSON.parse, ${times(parser)} times the parser of npm`
        : `${nanosecondsPerSample} ns/sample`,
    });
  }
}

async function printFleet(): Promise<void> {
  const fleet = await runChild<FleetFigures>('fleet-child.ts', [], [`--max-old-space-size=${HEAP_LIMIT_MB}`]);
  printHeading(`Fleet: ${fleet.rigs} rigs, ${fleet.gpus} GPUs, ${fleet.samplesRead} samples`);
  for (const { command, firstMs, medianMs, againMs, p95Ms, cpuMs } of fleet.commands) {
    printRow({
      what: `${command}, median answer`,
      figure: milliseconds(againMs),
      aim: command === 'profit' ? aimOf(`under ${PROFIT_MS} ms`, againMs < PROFIT_MS) : '',
      // The bot works profit and status out after each observation; `ask` and the others work when they are asked first.
      beside: `over a new snapshot ${milliseconds(medianMs)}, p95 ${milliseconds(p95Ms)}, first ${milliseconds(firstMs)}; CPU ${milliseconds(cpuMs)}`,
    });
  }
  const { heapBytes, rssBytes, peakRssBytes } = fleet.memory;
  printRow({
    what: `RSS, with --max-old-space-size=${HEAP_LIMIT_MB}`,
    figure: megabytes(rssBytes),
    aim: aimOf(`under ${megabytes(MEMORY_BYTES)}`, rssBytes < MEMORY_BYTES),
    beside: `heap ${megabytes(heapBytes)}, highest RSS ${megabytes(peakRssBytes)}`,
  });
  const { ledger } = fleet;
  printRow({
    what: `closing an hour: ${ledger.rows} ledger rows, SQLite`,
    figure: milliseconds(ledger.commitMs),
    aim: '',
    beside: 'added, valued, committed with the open periods',
  });
  printHeading('Event loop: the longest stretch without a turn');
  const stretches: [string, EventLoopDelay][] = [
    ['observing the fleet', fleet.observing],
    ...fleet.commands.map(({ command, delay }): [string, EventLoopDelay] => [`answering ${command}`, delay]),
    ['adding observations to the ledger', ledger.adding],
    ['closing an hour', ledger.committing],
  ];
  for (const [what, delay] of stretches) printDelay(what, delay);
  const longest = stretches.toSorted(([, a], [, b]) => b.maxCpuMs - a.maxCpuMs)[0];
  if (longest !== undefined)
    printRow({ what: 'longest of all', figure: milliseconds(longest[1].maxCpuMs), aim: '', beside: longest[0] });
}

async function printStart(): Promise<void> {
  const { firstSeconds, nextSeconds } = await measureStart();
  printHeading('Start: from the process to ready, the demo');
  printRow({
    what: 'start, median, with the compile cache',
    figure: `${nextSeconds.toFixed(2)} s`,
    aim: aimOf(`within ${START_SECONDS} s`, nextSeconds <= START_SECONDS),
    beside: `the first, with nothing compiled, ${firstSeconds.toFixed(2)} s`,
  });
}

/**
 * A server in a process of its own, to be killed: `node store-child.ts FILE [FROM_HOUR]`. Prints `open`, then, given an
 * hour to begin with, commits one hour after the other and prints each one's number when it is committed.
 */
import { openStore } from '../../adapters/store/open-store.ts';
import { batchOfHour } from './killed-hours.ts';

const [file = '', fromHour] = process.argv.slice(2);
try {
  const store = await openStore({ url: `sqlite:${file}`, farm: 'test', mode: 'server' });
  process.stdout.write('open\n');
  if (fromHour === undefined) process.stdin.resume().once('end', () => store.close());
  else {
    for (let hour = Number(fromHour); ; hour += 1) {
      await store.ledger.commitAndSaveOpen(batchOfHour(hour), `after hour ${hour}`);
      process.stdout.write(`${hour}\n`);
    }
  }
} catch (error) {
  process.stdout.write(`${error}\n`);
  process.exit(1);
}

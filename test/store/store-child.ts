/**
 * A server in a process of its own, to be killed: `node store-child.ts FILE [FROM_HOUR|posts ROUND]`. Prints `open`, then,
 * given an hour to begin with, adds up and commits one hour after the other and prints each one's number when it is committed; given
 * `posts`, sends one post after the other and prints each step when the store has answered for it.
 */
import { openStore } from '../../adapters/store/open-store.ts';
import { aggregatesOfHour, batchOfHour } from './killed-hours.ts';
import { sendPosts } from './killed-posts.ts';

const [file = '', fromHour, round = ''] = process.argv.slice(2);
try {
  const store = await openStore({ url: `sqlite:${file}`, farm: 'test', mode: 'server' });
  process.stdout.write('open\n');
  if (fromHour === undefined) process.stdin.resume().once('end', () => store.close());
  else if (fromHour === 'posts') {
    await sendPosts(store, round, (step) => process.stdout.write(`${step}\n`));
  } else {
    for (let hour = Number(fromHour); ; hour += 1) {
      await store.aggregates.add(aggregatesOfHour(hour));
      await store.ledger.commitAndSaveOpen(batchOfHour(hour), `after hour ${hour}`);
      process.stdout.write(`${hour}\n`);
    }
  }
} catch (error) {
  process.stdout.write(`${error}\n`);
  process.exit(1);
}

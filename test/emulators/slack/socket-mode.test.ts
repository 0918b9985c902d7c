import { expect, test } from 'vitest';
import { startSlackEmulator } from './emulator.ts';
import { openSocket, RawSocket, socketUrl } from './raw-client.ts';

test('each envelope goes to one of the sockets', async () => {
  await using slack = await startSlackEmulator();
  using first = await openSocket(slack);
  using second = await openSocket(slack);
  for (let count = 0; count < 10; count += 1) await slack.person('alice').mention('farm', 'status').acknowledged();
  expect(first.envelopes()).toHaveLength(5);
  expect(second.envelopes()).toHaveLength(5);
  const ids = [...first.envelopes(), ...second.envelopes()].map((envelope) => envelope['envelope_id']);
  expect(new Set(ids).size).toBe(10);
  expect(first.frames[0]).toMatchObject({ type: 'hello', num_connections: 1 });
  expect(second.frames[0]).toMatchObject({ type: 'hello', num_connections: 2 });
  await slack.assertClean();
});

test('an unacknowledged event goes to another socket, a command to nobody', async () => {
  await using slack = await startSlackEmulator({ acknowledgementMs: 250 });
  using first = await openSocket(slack, { acknowledges: false });
  const command = slack.person('alice').slash('farm', '/fleet status');
  slack.person('alice').mention('farm', 'status');
  await slack.until(() => first.envelopes().length === 2);
  using second = await openSocket(slack);
  await slack.until(() => command.failure);
  await slack.until(() => second.envelopes().length === 1);
  expect(first.envelopes().map((envelope) => envelope['retry_attempt'])).toEqual([undefined, 0]);
  expect(second.envelopes()[0]).toMatchObject({ type: 'events_api', retry_attempt: 1, retry_reason: 'timeout' });
  expect(slack.takeViolations('missing acknowledgement')).toHaveLength(2);
  await slack.assertClean();
});

test('what a closed socket left unanswered: events go on, commands fail', async () => {
  await using slack = await startSlackEmulator();
  using lost = await openSocket(slack, { acknowledges: false });
  const event = slack.person('alice').mention('farm', 'status');
  const command = slack.person('alice').slash('farm', '/fleet status');
  await slack.until(() => lost.envelopes().length === 2);
  slack.socketMode.drop({ closeFrame: true });
  await slack.until(() => command.failure);
  expect(lost.closeCode).toBe(1001);
  using _next = await openSocket(slack);
  await event.acknowledged();
  await slack.assertClean();
});

test('without a socket events wait, commands fail at once', async () => {
  await using slack = await startSlackEmulator();
  const events = [slack.person('alice').mention('farm', 'one'), slack.person('alice').mention('farm', 'two')];
  expect(slack.person('alice').slash('farm', '/fleet status').failure).toBe('dispatch_failed');
  using socket = await openSocket(slack);
  for (const event of events) await event.acknowledged();
  expect(socket.envelopes()).toHaveLength(2);
  await slack.assertClean();
});

test('a socket that was told to go is served only while there is no other', async () => {
  await using slack = await startSlackEmulator();
  using old = await openSocket(slack);
  slack.socketMode.disconnect('refresh_requested', 60_000);
  await slack.person('alice').mention('farm', 'still').acknowledged();
  using fresh = await openSocket(slack);
  await slack.person('alice').mention('farm', 'now').acknowledged();
  await slack.person('alice').mention('farm', 'again').acknowledged();
  expect(old.envelopes()).toHaveLength(1);
  expect(fresh.envelopes()).toHaveLength(2);
  await slack.assertClean();
});

test.each(['warning', 'refresh_requested', 'link_disabled'] as const)('disconnect says %s', async (reason) => {
  await using slack = await startSlackEmulator();
  using socket = await openSocket(slack);
  slack.socketMode.disconnect(reason, 0);
  await slack.until(() => socket.frames.length === 2);
  expect(socket.frames[1]).toMatchObject({ type: 'disconnect', reason });
  if (reason === 'warning') expect(slack.socketMode.connections()).toBe(1);
  else await slack.until(() => socket.closeCode === 1000);
});

test('an eleventh socket is sent away', async () => {
  await using slack = await startSlackEmulator();
  using sockets = new DisposableStack();
  for (let count = 0; count < 10; count += 1) sockets.use(await openSocket(slack));
  const eleventh = sockets.use(await openSocket(slack));
  expect(eleventh.frames[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
  expect(slack.takeViolations('too many sockets')).toHaveLength(1);
  await slack.assertClean();
});

test('an address is good for one connection', async () => {
  await using slack = await startSlackEmulator();
  const url = await socketUrl(slack);
  using _first = new RawSocket(url, true);
  await slack.until(() => slack.socketMode.connections() === 1);
  using second = new RawSocket(url, true);
  await slack.until(() => second.closeCode !== null);
  expect(slack.takeViolations('spent socket URL')).toHaveLength(1);
});

test('acknowledgements of nothing, repeated ones and unwanted payloads are violations', async () => {
  await using slack = await startSlackEmulator();
  using socket = await openSocket(slack, { acknowledges: false });
  slack.person('alice').mention('farm', 'status');
  const envelope = await slack.until(() => socket.envelopes()[0]);
  socket.acknowledge({ envelope_id: 'nobody-knows-it' });
  socket.acknowledge(envelope, { text: 'an event takes no answer' });
  socket.acknowledge(envelope);
  await slack.until(() => slack.violations().length === 3);
  expect(slack.violations().map(({ kind }) => kind)).toEqual([
    'unknown envelope',
    'unwanted payload',
    'second acknowledgement',
  ]);
});

test('pings are answered, unless a test forbids it; hello can be late; the door can be shut', async () => {
  await using slack = await startSlackEmulator();
  using socket = await openSocket(slack);
  socket.ws.ping('Ping from client');
  await slack.until(() => socket.pongs === 1);
  slack.socketMode.answersPings = false;
  socket.ws.ping();
  await slack.person('alice').mention('farm', 'after the ping').acknowledged();
  expect(socket.pongs).toBe(1);

  slack.socketMode.helloDelayMs = 40;
  const beforeMs = Date.now();
  using _late = await openSocket(slack);
  expect(Date.now() - beforeMs).toBeGreaterThanOrEqual(39);

  slack.socketMode.refusesSockets = true;
  using refused = new RawSocket(await socketUrl(slack), true);
  await slack.until(() => refused.closeCode !== null);
  expect(slack.socketMode.connections()).toBe(2);
});

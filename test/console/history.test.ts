import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHistory, HISTORY_SIZE, isKept } from '../../adapters/console/history.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rigshift-history-'));
  path = join(folder, 'history');
});
afterEach(() => rm(folder, { recursive: true }));

describe('history', () => {
  it.each([
    ['rig a1', true],
    ['profit site:quebec', true],
    [' rig a1', false],
    ['', false],
    ['note token:abc', false],
    ['set PASSWORD = x', false],
    ['use api-key:abc', false],
    ['open postgres://farm:abc@db/rigs', false],
  ])('keeps %j: %s', (line, kept) => expect(isKept(line)).toBe(kept));

  it('comes back, the newest first, for its owner alone', async () => {
    const history = createHistory(path);
    expect(await history.load()).toEqual([]);
    for (const line of ['rig a1', 'note secret:x', 'status']) await history.add(line);
    expect(await createHistory(path).load()).toEqual(['status', 'rig a1']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is bounded in memory and on disk', async () => {
    await writeFile(path, '');
    await appendFile(path, Array.from({ length: 5000 }, (_, index) => `rig a${index}\n`).join(''));
    const lines = await createHistory(path).load();
    expect(lines).toHaveLength(HISTORY_SIZE);
    expect(lines[0]).toBe('rig a4999');
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(HISTORY_SIZE + 1);
  });

  it('that cannot be read says so', async () => {
    await expect(createHistory(folder).load()).rejects.toThrow('EISDIR');
  });
});

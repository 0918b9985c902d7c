import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runRigshift } from '../support/run-rigshift.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** `.env` of the working folder, as `.env.example` tells people to write it. */
describe('.env', () => {
  const unreachable = 'sites: [{ name: quebec, tariff: { pricePerKwh: 0.05 } }]\n';

  it('is read: it names the configuration and the server', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'farm.yaml'), unreachable);
    writeFileSync(
      join(folder.path, '.env'),
      'RIGSHIFT_CONFIG=farm.yaml\nPROMETHEUS_URL=http://127.0.0.1:1\nDISCORD_TOKEN=\n',
    );
    const { code, stdout } = await runRigshift(['ask', 'status'], { cwd: folder.path });
    expect(stdout).toMatch(/^No answer, because prometheus failed\./);
    expect(code).toBe(1);
  });

  it('says what is wrong in it', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'farm.yaml'), unreachable);
    writeFileSync(
      join(folder.path, '.env'),
      'RIGSHIFT_CONFIG=farm.yaml\nPROMETHEUS_URL=http://127.0.0.1:1\nHTTP_PORT=eighty\n',
    );
    const { code, stderr } = await runRigshift(['ask', 'status'], { cwd: folder.path });
    expect(stderr).toContain('HTTP_PORT');
    expect(code).toBe(2);
  });

  it('goes after what is set already', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, '.env'), 'RIGSHIFT_CONFIG=other.yaml\n');
    const { stderr, code } = await runRigshift(['ask', 'status'], {
      cwd: folder.path,
      env: { RIGSHIFT_CONFIG: 'mine.yaml' },
    });
    expect(stderr).toContain('mine.yaml');
    expect(code).toBe(2);
  });

  it('that cannot be read is named', async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, '.env'));
    const { stderr, code } = await runRigshift(['ask', 'status'], { cwd: folder.path });
    expect(stderr).toMatch(/^\.env cannot be read: /);
    expect(code).toBe(2);
  });
});

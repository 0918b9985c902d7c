import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const engine = resolve(import.meta.dirname, '../../src/main/engine.ts');

/** Asks V8 itself whether a function that it was told to compile so was compiled by Maglev. */
const question = `
  function add(a) { return a + 1; }
  %PrepareFunctionForOptimization(add);
  add(1);
  %OptimizeMaglevOnNextCall(add);
  add(1);
  console.log(%ActiveTierIsMaglev(add));
`;

function maglevRuns(...flags: readonly string[]): string {
  const args = ['--allow-natives-syntax', ...flags, '--eval', question];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
}

it('the program switches Maglev off, which would else be on', () => {
  expect(maglevRuns()).toBe('true');
  expect(maglevRuns('--import', engine)).toBe('false');
});

it('the tests run the same engine', () => {
  expect(process.execArgv).toContain('--no-maglev');
});

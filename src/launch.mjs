#!/usr/bin/env node
/**
 * Starts src/main.ts on a Node that runs TypeScript, whatever Node the system has: this one where it is new enough, else
 * the one that `npm ci` installed. Plain JavaScript that Node 18 reads.
 */
import { spawn } from 'node:child_process';
import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const oldestMajor = 26;
const main = new URL('./main.ts', import.meta.url);
/** Saves a third of the start; NODE_COMPILE_CACHE, where it is set, goes first. */
const compileCache = fileURLToPath(new URL('../node_modules/.cache/node-compile', import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= oldestMajor) {
  nodeModule.enableCompileCache(compileCache);
  await import(main.href);
} else {
  const node = installedNode();
  if (node === null) {
    process.stderr.write(
      `rigshift needs Node ${oldestMajor} or newer; this is ${process.version}, and no other came with the packages.\n` +
        `Run \`npm ci\` without --omit=optional, or install Node ${oldestMajor}.\n`,
    );
    process.exitCode = 1;
  } else {
    runOn(node);
  }
}

/** Path of the Node that package.json pins for this platform, or null where it is not installed. */
function installedNode() {
  const require = nodeModule.createRequire(import.meta.url);
  for (const name of [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]) {
    try {
      return require.resolve(`${name}/bin/node`);
    } catch {
      // Not for this platform, or not installed.
    }
  }
  return null;
}

/** @param {string} node */
function runOn(node) {
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
  });
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) {
    process.on(signal, () => {
      // A terminal has already told the child; told twice, it would take a Ctrl-C for two.
      if (signal !== 'SIGTERM' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`rigshift could not start ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    for (const forwarded of signals) process.removeAllListeners(forwarded);
    process.kill(process.pid, signal);
  });
}

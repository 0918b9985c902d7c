import { quoteValue } from './command-line.ts';

/** A command as somebody would type it: `rig name:a1 window:7d`. Empty values are left out. */
export function writeLine(command: string, values: Readonly<Record<string, string | number | boolean>>): string {
  const words = Object.entries(values)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}:${quoteValue(String(value))}`);
  return [command, ...words].join(' ');
}

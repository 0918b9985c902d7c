import { loadEnvFile } from 'node:process';
import { UserError } from '../domain/errors.ts';

/**
 * Reads `.env` of the working folder where there is one; variables that are set already go before it.
 * @throws UserError for one that cannot be read.
 */
export function readEnvFile(): void {
  try {
    loadEnvFile('.env');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'ENOENT') return;
    throw new UserError(
      `.env cannot be read: ${error.message}`,
      'Make it a readable file of NAME=value lines, or remove it.',
    );
  }
}

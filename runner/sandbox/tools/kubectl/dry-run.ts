import type {FlagSpec, ParsedFlags} from '../shared/flags.ts';
import {ToolError} from '../shared/io.ts';

export type DryRun = 'none' | 'client' | 'server';

export const dryRunFlag: FlagSpec = {
  name: 'dry-run',
  type: 'string',
  bare: 'unchanged',
  default: 'none',
  usage: 'Must be "none", "server", or "client".',
};

/** @throws ToolError for another word than kubectl knows. */
export function dryRunOf(flags: ParsedFlags): DryRun {
  const value = flags.string('dry-run');
  if (value === 'none' || value === 'client' || value === 'server') return value;
  // The bare flag of old, which meant what `client` means now.
  if (value === 'unchanged') return 'client';
  throw new ToolError(`error: Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}

/** ` (dry run)`, ` (server dry run)` or nothing. */
export function dryRunSuffix(dryRun: DryRun): string {
  return dryRun === 'client' ? ' (dry run)' : dryRun === 'server' ? ' (server dry run)' : '';
}

/** The query parameters of a write. */
export function writeQuery(dryRun: DryRun, fieldManager: string, validate?: string): Record<string, string> {
  return {
    fieldManager,
    ...(dryRun === 'server' ? {dryRun: 'All'} : {}),
    ...(validate === undefined ? {} : {fieldValidation: validationOf(validate)}),
  };
}

export const validateFlag: FlagSpec = {
  name: 'validate',
  type: 'string',
  bare: 'strict',
  default: 'strict',
  usage: 'Must be one of: strict (or true), warn, ignore (or false).',
};

function validationOf(text: string): string {
  if (text === 'warn') return 'Warn';
  return text === 'false' || text === 'ignore' ? 'Ignore' : 'Strict';
}

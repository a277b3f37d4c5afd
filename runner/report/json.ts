import type {RunRecord} from './schema.ts';

/** The record itself, by the published schema; with every observation in it. */
export function jsonReport(record: RunRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}

import {parseDuration} from '../../catalog/units.ts';
import {exitCodes, WorkshopError} from '../../errors.ts';

/**
 * Milliseconds of an option that is a time: `15` (seconds), `15s`, `2m`.
 * @throws WorkshopError `bad-time`
 */
export function secondsOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds = parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
  if (milliseconds !== undefined) return milliseconds;
  throw new WorkshopError({
    code: 'bad-time',
    message: `"${text}" is no time for ${option}.`,
    remedies: [`Give seconds, or a number and its unit: ${option} 15, ${option} 2m`],
    exitCode: exitCodes.usage,
  });
}

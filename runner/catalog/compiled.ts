import {exitCodes, WorkshopError} from '../errors.ts';
import type {Lab} from './lab.ts';

/** What the build writes: labs that are parsed and checked already. */
export interface CompiledLabs {
  format: 1;
  labs: readonly Lab[];
}

/**
 * Reads what `compileLabs` wrote, without a schema: the build has checked it.
 * @throws WorkshopError `labs-not-compiled` when it is something else
 */
export function readCompiledLabs(json: string): readonly Lab[] {
  const compiled: unknown = parse(json);
  if (isCompiled(compiled)) return compiled.labs;
  throw new WorkshopError({
    code: 'labs-not-compiled',
    message: 'The compiled labs are damaged or of another version.',
    remedies: ['npm run build'],
    exitCode: exitCodes.internal,
  });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isCompiled(value: unknown): value is CompiledLabs {
  return (
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    value.format === 1 &&
    'labs' in value &&
    Array.isArray(value.labs)
  );
}

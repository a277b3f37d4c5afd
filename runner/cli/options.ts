import type {EngineName, Lab} from '../catalog/lab.ts';
import {exitCodes, WorkshopError} from '../errors.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  workshop?: string;
  workFolder?: string;
  engine?: string;
  pace?: string;
  kubeconfig?: string;
  context?: string;
  /** Agrees beforehand to what would be asked. */
  yes?: boolean;
  images?: string;
  charts?: string;
  nodeImage?: string;
  hub?: string;
  /** The release of Istio, where the command takes one. */
  istio?: string;
  json?: boolean;
  plain?: boolean;
  color?: boolean;
  debug?: boolean;
}

/** The engines there are, the default first. */
export const engines: readonly EngineName[] = ['sandbox', 'kind', 'context'];

/** @throws WorkshopError `unknown-engine` that lists those there are. */
export function parseEngine(text: string): EngineName {
  const found = engines.find(engine => engine === text);
  if (found) return found;
  throw new WorkshopError({
    code: 'unknown-engine',
    message: `There is no engine "${text}".`,
    remedies: [`Choose one of: ${engines.join(', ')}`],
    exitCode: exitCodes.usage,
  });
}

/**
 * Finds a lab by its number (`5`, `05`), id or folder name.
 * @throws WorkshopError `unknown-lab` that lists those there are.
 */
export function findLab(labs: readonly Lab[], text: string): Lab {
  const found = labs.find(
    lab => lab.id === text || lab.folder === text || (/^\d+$/.test(text) && lab.number === Number(text)),
  );
  if (found) return found;
  throw new WorkshopError({
    code: 'unknown-lab',
    message: `There is no lab "${text}".`,
    remedies: [`Choose a number or an id: ${labs.map(lab => `${lab.number} ${lab.id}`).join(', ')}`],
    exitCode: exitCodes.usage,
  });
}

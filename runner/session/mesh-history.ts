import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {MeshMoment} from '../checks/mesh-moment.ts';
import {sameMesh} from '../checks/mesh-moment.ts';
import {writeWhole} from './files.ts';

const format = 1;

/** The mesh before its last change and behind it, as far as the workshop saw. */
export interface MeshHistory {
  /** Keeps a moment where it differs from the last one. @returns the last change that is known then. */
  keep(moment: MeshMoment): Promise<readonly [before: MeshMoment, after: MeshMoment] | undefined>;
  isEmpty(): Promise<boolean>;
}

/** In a file of the workshop's; one that can't be read counts as none. */
export function openMeshHistory(folder: string): MeshHistory {
  const file = path.join(folder, 'mesh-history.json');

  async function read(): Promise<readonly MeshMoment[]> {
    try {
      const {moments} = JSON.parse(await readFile(file, 'utf8'));
      return Array.isArray(moments) ? moments : [];
    } catch {
      return [];
    }
  }

  return {
    async keep(moment) {
      const moments = await read();
      const last = moments.at(-1);
      const kept = last && sameMesh(last.input, moment.input) ? moments : [...moments, moment].slice(-2);
      if (kept !== moments) await writeWhole(file, `${JSON.stringify({format, moments: kept})}\n`);
      const [before, after] = kept;
      return before && after ? [before, after] : undefined;
    },
    isEmpty: async () => (await read()).length === 0,
  };
}

import {existsSync} from 'node:fs';
import {rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {stopSandbox} from '../sandbox/lifecycle/control.ts';
import {abandonedTemporaryFolders, makeTemporaryFolder} from '../sandbox/lifecycle/temporary-folders.ts';
import {workshopNames} from '../session/workshop-store.ts';

/** A folder for a workshop that is removed after its run. Those of runs that were killed go, with their sandboxes. */
export async function makeFreshFolder(): Promise<string> {
  for (const folder of abandonedTemporaryFolders('fresh')) {
    if (existsSync(path.join(folder, keptMark))) continue;
    const state = path.join(folder, 'state');
    for (const name of await workshopNames(state)) {
      await stopSandbox(path.join(state, 'workshops', name, 'sandbox'));
    }
    await rm(folder, {recursive: true, force: true});
  }
  return makeTemporaryFolder('fresh');
}

/** Lies in a private workshop that somebody wants to go on with. */
const keptMark = 'kept';

/** Keeps a private workshop when its run is over. @returns what leads this program to it, for a shell */
export async function keepFreshFolder(folder: string): Promise<string> {
  await writeFile(path.join(folder, keptMark), '');
  return `ISTIO_WORKSHOP_STATE=${path.join(folder, 'state')} ISTIO_WORKSHOP=fresh`;
}

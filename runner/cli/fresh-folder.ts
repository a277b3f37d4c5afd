import {rm} from 'node:fs/promises';
import path from 'node:path';
import {stopSandbox} from '../sandbox/lifecycle/control.ts';
import {abandonedTemporaryFolders, makeTemporaryFolder} from '../sandbox/lifecycle/temporary-folders.ts';
import {workshopNames} from '../session/workshop-store.ts';

/** A folder for a workshop that is removed after its run. Those of runs that were killed go, with their sandboxes. */
export async function makeFreshFolder(): Promise<string> {
  for (const folder of abandonedTemporaryFolders('fresh')) {
    const state = path.join(folder, 'state');
    for (const name of await workshopNames(state)) {
      await stopSandbox(path.join(state, 'workshops', name, 'sandbox'));
    }
    await rm(folder, {recursive: true, force: true});
  }
  return makeTemporaryFolder('fresh');
}

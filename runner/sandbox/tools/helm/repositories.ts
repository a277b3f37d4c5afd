import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {ToolError} from '../shared/io.ts';
import {parseYaml} from '../shared/yaml.ts';
import {printYaml} from '../shared/yaml-print.ts';
import {download} from './download.ts';
import type {HelmPaths} from './paths.ts';
import {compareVersions, parseVersion, semverMatches} from './semver.ts';

export interface Repository {
  name: string;
  url: string;
  [field: string]: any;
}

/** One version of a chart in a repository's index. */
export interface ChartEntry {
  name: string;
  version: string;
  appVersion?: string;
  description?: string;
  urls: string[];
  deprecated?: boolean;
}

/** The repositories that were added, in order. */
export async function readRepositories(paths: HelmPaths): Promise<Repository[]> {
  const text = await readFile(paths.repositoryConfig, 'utf8').catch(() => '');
  return (await parseYaml(text))?.repositories ?? [];
}

export async function writeRepositories(
  paths: HelmPaths,
  repositories: readonly Repository[],
): Promise<void> {
  await mkdir(dirname(paths.repositoryConfig), {recursive: true});
  const plain = {
    caFile: '',
    certFile: '',
    insecure_skip_tls_verify: false,
    keyFile: '',
    pass_credentials_all: false,
    password: '',
    username: '',
  };
  await writeFile(
    paths.repositoryConfig,
    printYaml({
      apiVersion: '',
      generated: '0001-01-01T00:00:00Z',
      repositories: repositories.map(repository => ({...plain, ...repository})),
    }),
    {mode: 0o600},
  );
}

function indexFile(paths: HelmPaths, name: string): string {
  return join(paths.repositoryCache, `${name}-index.yaml`);
}

/** Downloads a repository's index into the cache. @throws ToolError as helm does. */
export async function refresh(paths: HelmPaths, repository: Repository): Promise<void> {
  let index: any;
  let text: string;
  try {
    text = (await download(`${repository.url.replace(/\/$/, '')}/index.yaml`)).toString('utf8');
    index = await parseYaml(text);
    if (!index?.apiVersion) throw new Error('no API version specified');
  } catch (error) {
    throw new ToolError(
      `looks like "${repository.url}" is not a valid chart repository or cannot be reached: ${(error as Error).message}`,
    );
  }
  await mkdir(paths.repositoryCache, {recursive: true});
  await writeFile(indexFile(paths, repository.name), text);
  await writeFile(
    join(paths.repositoryCache, `${repository.name}-charts.txt`),
    `${Object.keys(index.entries ?? {}).join('\n')}\n`,
  );
}

export async function forget(paths: HelmPaths, name: string): Promise<void> {
  await rm(indexFile(paths, name), {force: true});
  await rm(join(paths.repositoryCache, `${name}-charts.txt`), {force: true});
}

/** Charts of the cached index, newest version first. @throws ToolError when the cache is missing. */
export async function readIndex(paths: HelmPaths, name: string): Promise<Record<string, ChartEntry[]>> {
  const path = indexFile(paths, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new ToolError(
      `no cached repo found. (try 'helm repo update'): open ${path}: no such file or directory`,
    );
  }
  const entries: Record<string, ChartEntry[]> = (await parseYaml(text))?.entries ?? {};
  for (const versions of Object.values(entries)) {
    versions.sort((left, right) => {
      const [older, newer] = [parseVersion(left.version), parseVersion(right.version)];
      return older && newer ? compareVersions(newer, older) : 0;
    });
  }
  return entries;
}

/** Finds `repository/chart` in a version or range (empty: the newest stable). @throws ToolError as helm does. */
export async function findChart(
  paths: HelmPaths,
  reference: string,
  version: string,
  devel: boolean,
): Promise<{repository: Repository; entry: ChartEntry}> {
  const [name = '', ...rest] = reference.split('/');
  const chart = rest.join('/');
  const repositories = await readRepositories(paths);
  const repository = repositories.find(candidate => candidate.name === name);
  if (!repository) throw new ToolError(`repo ${name} not found`);
  const versions = (await readIndex(paths, name))[chart];
  const missing = (why: string) =>
    new ToolError(
      `chart "${chart}" matching ${version} not found in ${name} index. (try 'helm repo update'): ${why}`,
    );
  if (!versions || versions.length === 0) throw missing('no chart name found');
  const range = version || (devel ? '>0.0.0-0' : '*');
  const entry =
    versions.find(candidate => candidate.version === version) ??
    versions.find(candidate => semverMatches(range, candidate.version));
  if (!entry) throw missing(`no chart version found for ${chart}-${version}`);
  return {repository, entry};
}

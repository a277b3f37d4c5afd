import {readdir, readFile, stat} from 'node:fs/promises';
import {join, relative, resolve} from 'node:path';
import {ToolError} from '../shared/io.ts';
import {parseYaml} from '../shared/yaml.ts';
import {download} from './download.ts';
import type {HelmPaths} from './paths.ts';
import {findChart} from './repositories.ts';

/** A chart as it is loaded, and as a release stores it. */
export interface Chart {
  metadata: {
    name: string;
    version: string;
    appVersion?: string;
    description?: string;
    apiVersion?: string;
    [field: string]: any;
  };
  /** Path in the chart and text. */
  templates: {name: string; data: string}[];
  values: Record<string, any>;
  valuesText: string;
  files: {name: string; data: string}[];
  crds: {name: string; data: string}[];
}

async function folderFiles(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(folder, {recursive: true, withFileTypes: true})) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path), await readFile(path));
  }
  return files;
}

async function archiveFiles(archive: Buffer): Promise<Map<string, Buffer>> {
  const {untar} = await import('./untar.ts');
  const files = new Map<string, Buffer>();
  for (const [path, content] of await untar(archive)) files.set(path.split('/').slice(1).join('/'), content);
  return files;
}

async function fromFiles(files: Map<string, Buffer>): Promise<Chart> {
  const text = (path: string) => files.get(path)?.toString('utf8');
  const chartYaml = text('Chart.yaml');
  if (chartYaml === undefined) throw new ToolError('Chart.yaml file is missing');
  const metadata = await parseYaml(chartYaml);
  if (metadata?.dependencies?.length > 0) {
    throw new ToolError(
      `chart ${metadata.name} has dependencies, which istio-workshop's small built-in helm does not load: use the real helm (https://helm.sh/docs/intro/install/)`,
    );
  }
  const valuesText = text('values.yaml') ?? '';
  const chart: Chart = {
    metadata,
    templates: [],
    values: (await parseYaml(valuesText)) ?? {},
    valuesText,
    files: [],
    crds: [],
  };
  for (const name of [...files.keys()].sort()) {
    const data = text(name) ?? '';
    if (name.startsWith('templates/')) chart.templates.push({name, data});
    else if (name.startsWith('crds/')) chart.crds.push({name, data});
    else if (name !== 'Chart.yaml' && name !== 'values.yaml') chart.files.push({name, data});
  }
  return chart;
}

/**
 * Loads what a learner names: a folder, a `.tgz`, a URL of one, or `repository/chart`.
 * @throws ToolError in helm's words.
 */
export async function loadChart(options: {
  paths: HelmPaths;
  cwd: string;
  reference: string;
  version: string;
  repo: string;
  devel: boolean;
}): Promise<Chart> {
  const {reference, cwd} = options;
  if (reference.startsWith('oci://')) {
    throw new ToolError(
      "istio-workshop's small built-in helm does not read OCI registries: add the chart repository instead, or use the real helm (https://helm.sh/docs/intro/install/)",
    );
  }
  if (/^https?:\/\//.test(reference)) return fromFiles(await archiveFiles(await download(reference)));
  if (options.repo !== '') {
    const index = await parseYaml(
      (await download(`${options.repo.replace(/\/$/, '')}/index.yaml`)).toString('utf8'),
    );
    const entry = index?.entries?.[reference]?.find(
      (candidate: any) => options.version === '' || candidate.version === options.version,
    );
    if (!entry) throw new ToolError(`chart "${reference}" not found in ${options.repo} repository`);
    return fromFiles(await archiveFiles(await download(new URL(entry.urls[0], `${options.repo}/`).href)));
  }
  const path = resolve(cwd, reference);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return fromFiles(await folderFiles(path));
  if (found) return fromFiles(await archiveFiles(await readFile(path)));
  if (/^[./]/.test(reference)) throw new ToolError(`path "${reference}" not found`);
  if (!reference.includes('/')) {
    throw new ToolError(`non-absolute URLs should be in form of repo_name/path_to_chart, got: ${reference}`);
  }
  const {repository, entry} = await findChart(options.paths, reference, options.version, options.devel);
  const url = new URL(entry.urls[0] ?? '', `${repository.url.replace(/\/$/, '')}/`).href;
  return fromFiles(await archiveFiles(await download(url)));
}

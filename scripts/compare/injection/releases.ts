import {execFileSync} from 'node:child_process';
import {existsSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {parseAllDocuments} from 'yaml';
import type {Lab} from '../../../runner/catalog/lab.ts';
import {readShell} from '../../../runner/catalog/shell.ts';

/** Releases of Istio that the labs run with, and the registry that each of them is published at. */
export const releases = [
  {version: '1.27.1', hub: 'docker.io/istio'},
  {version: '1.30.3', hub: 'registry.istio.io/release'},
] as const;

export type Release = (typeof releases)[number];

/** Where `manifests/charts` of Istio's repository at a release's tag is expected. */
export function chartFolder({version}: Release): string {
  const cache = process.env['ISTIO_WORKSHOP_CACHE'] ?? path.join(os.homedir(), '.cache', 'istio-workshop');
  return path.join(process.env['ISTIO_CHART_SOURCES'] ?? path.join(cache, 'istio-charts'), version);
}

export const hasCharts = (release: Release): boolean =>
  existsSync(path.join(chartFolder(release), 'gateway'));

/** The `helm install` commands of a lab, as the `helm template` of what they would apply. */
function templatesOf(lab: Lab): readonly {chart: string; args: readonly string[]}[] {
  const calls = lab.steps
    .flatMap(step => step.blocks)
    .flatMap(block => (block.kind === 'command' ? readShell(block.text).calls : []));
  return calls.flatMap(([program, verb, name = '', chart = '', ...rest]) => {
    if (program !== 'helm' || verb !== 'install') return [];
    const args = [name, ...rest.filter(word => !/^--(wait|create-namespace|timeout=.*)$/.test(word))];
    for (const flag of ['--version', '--timeout']) {
      if (args.includes(flag)) args.splice(args.indexOf(flag), 2);
    }
    return [{chart: chart.replace('istio/', ''), args}];
  });
}

/**
 * The objects of a release of Istio as a lab installs it, by the real helm, from the charts of Istio's own repository.
 * What publishing a chart changes is the registry and the tag of its images.
 * @param options.folder where the lab's files are written.
 */
export function objectsOf(
  release: Release,
  options: {lab: Lab; helm: string; folder: string},
): readonly any[] {
  const {lab, helm, folder} = options;
  for (const block of lab.steps.flatMap(step => step.blocks)) {
    if (block.kind === 'file') writeFileSync(path.join(folder, block.name), block.content);
  }
  return templatesOf(lab)
    .filter(({chart}) => chart !== 'base')
    .flatMap(({chart, args: [name = '', ...rest]}) => {
      const source = path.join(
        chartFolder(release),
        chart === 'istiod' ? 'istio-control/istio-discovery' : chart,
      );
      const published = ['--set', `global.hub=${release.hub},global.tag=${release.version}`];
      const args = ['template', name, source, ...rest, ...(chart === 'istiod' ? published : [])];
      const text = execFileSync(helm, args, {cwd: folder, encoding: 'utf8', env: {HOME: folder}});
      return parseAllDocuments(text).flatMap(document => document.toJS() ?? []);
    });
}

import {ToolError} from '../shared/io.ts';
import {parseYamlDocuments, YamlError} from '../shared/yaml.ts';
import {parseSimpleYaml} from '../shared/yaml-simple.ts';
import type {Chart} from './chart.ts';
import {needsLibrary, TemplateEngine} from './template/engine.ts';
import {TemplateError} from './template/errors.ts';
import {overlay} from './values.ts';

/** One object of a release, with the text it came from. */
export interface Manifest {
  /** `istiod/templates/service.yaml`. */
  source: string;
  text: string;
  object: any;
}

export interface Rendered {
  /** In the order they are installed. */
  manifests: Manifest[];
  notes: string;
  hooks: Manifest[];
}

export interface RenderOptions {
  chart: Chart;
  values: Record<string, any>;
  release: {name: string; namespace: string; revision: number; isInstall: boolean; isUpgrade: boolean};
  capabilities: {version: string; apiVersions: readonly string[]};
}

/** Helm's order of kinds; what is not in it comes last, by name. */
export const installOrder: readonly string[] = [
  'PriorityClass',
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleList',
  'ClusterRoleBinding',
  'ClusterRoleBindingList',
  'Role',
  'RoleList',
  'RoleBinding',
  'RoleBindingList',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
];

function byKind(left: Manifest, right: Manifest): number {
  const [one, two] = [installOrder.indexOf(left.object.kind), installOrder.indexOf(right.object.kind)];
  if (one < 0 && two < 0)
    return left.object.kind < right.object.kind ? -1 : left.object.kind > right.object.kind ? 1 : 0;
  if (one < 0 || two < 0) return one < 0 ? 1 : -1;
  return one - two;
}

function filesOf(chart: Chart): Record<string, unknown> {
  const find = (name: string) => chart.files.find(file => file.name === name)?.data ?? '';
  // Pairs, since Go's method names look like React components to the linter.
  return Object.fromEntries([
    ['Get', find],
    ['GetBytes', find],
    ['Lines', (name: string) => find(name).replace(/\n$/, '').split('\n')],
    [
      'Glob',
      () => {
        throw new TemplateError(".Files.Glob is beyond istio-workshop's small built-in helm");
      },
    ],
  ]);
}

function contextOf(options: RenderOptions): Record<string, any> {
  const {chart, release, capabilities} = options;
  const {name, version, appVersion, ...metadata} = chart.metadata;
  const apiVersions = Object.fromEntries([
    ['Has', (text: string) => capabilities.apiVersions.includes(text)],
  ]);
  const [major = '1', minor = '0'] = capabilities.version.replace(/^v/, '').split('.');
  return {
    Values: options.values,
    Release: {
      Name: release.name,
      Namespace: release.namespace,
      Revision: release.revision,
      IsInstall: release.isInstall,
      IsUpgrade: release.isUpgrade,
      Service: 'Helm',
    },
    Chart: {
      Name: name,
      Version: version,
      AppVersion: appVersion ?? '',
      Description: metadata.description ?? '',
      APIVersion: metadata.apiVersion ?? 'v2',
      Type: metadata['type'] ?? '',
      Keywords: metadata['keywords'] ?? [],
      IsRoot: true,
    },
    Capabilities: {
      KubeVersion: {
        Version: capabilities.version,
        GitVersion: capabilities.version,
        Major: major,
        Minor: minor,
      },
      APIVersions: apiVersions,
      HelmVersion: {Version: 'v3', GitCommit: '', GitTreeState: '', GoVersion: ''},
    },
    Files: filesOf(chart),
    Subcharts: {},
  };
}

async function readersOf(): Promise<(text: string) => unknown> {
  const {parseWithLibrary} = await import('../shared/yaml-lib.ts');
  return text => {
    const {documents, problem} = parseWithLibrary(text);
    if (problem) throw new Error(`error converting YAML to JSON: ${new YamlError(problem).message}`);
    return documents[0];
  };
}

/**
 * Renders a chart. @param options.values what the learner gave; the chart's own lie beneath.
 * @throws TemplateError, ToolError in helm's words.
 */
export async function render(options: RenderOptions): Promise<Rendered> {
  const prepared = {...options, values: overlay(options.chart.values, options.values)};
  try {
    return await renderWith(prepared, text => {
      const simple = parseSimpleYaml(text);
      if (simple === undefined) throw needsLibrary;
      return simple[0];
    });
  } catch (error) {
    if (error !== needsLibrary) throw error;
    return renderWith(prepared, await readersOf());
  }
}

async function renderWith(options: RenderOptions, parseYaml: (text: string) => unknown): Promise<Rendered> {
  const {chart} = options;
  const engine = new TemplateEngine({parseYaml});
  const context = contextOf(structuredCloneValues(options));
  for (const {name, data} of chart.templates) engine.add(`${chart.metadata.name}/${name}`, data);
  const rendered: Rendered = {manifests: [], hooks: [], notes: ''};
  for (const {name} of chart.templates) {
    const base = name.split('/').at(-1) ?? '';
    if (base.startsWith('_')) continue;
    const source = `${chart.metadata.name}/${name}`;
    const text = engine.execute(source, {
      ...context,
      Template: {Name: source, BasePath: `${chart.metadata.name}/templates`},
    });
    if (base === 'NOTES.txt') rendered.notes = text;
    else await collect(rendered, source, text);
  }
  rendered.manifests.sort(byKind);
  return rendered;
}

/** Templates may change what they are given (`set`, `unset`); the caller's values must not. */
function structuredCloneValues(options: RenderOptions): RenderOptions {
  return {...options, values: structuredClone(options.values)};
}

async function collect(rendered: Rendered, source: string, whole: string): Promise<void> {
  for (const part of whole.trim().split(/(?:^|\s*\n)---\s*(?:\n|$)/)) {
    const text = part.trim();
    if (text === '') continue;
    let object: any;
    try {
      object = (await parseYamlDocuments(text))[0];
    } catch (error) {
      throw new ToolError(
        `YAML parse error on ${source}: error converting YAML to JSON: ${(error as Error).message}`,
      );
    }
    if (object === null || object === undefined) continue;
    if (typeof object.kind !== 'string' || typeof object.apiVersion !== 'string') {
      const field = typeof object.kind === 'string' ? 'apiVersion' : 'kind';
      throw new ToolError(
        `unable to build kubernetes objects from release manifest: error validating "": error validating data: ${field} not set`,
      );
    }
    const manifest = {source, text, object};
    if (object.metadata?.annotations?.['helm.sh/hook']) rendered.hooks.push(manifest);
    else rendered.manifests.push(manifest);
  }
}

/** The text of a release's manifest, as it is stored and printed. */
export function manifestText(manifests: readonly Manifest[]): string {
  return manifests.map(({source, text}) => `---\n# Source: ${source}\n${text}\n`).join('');
}

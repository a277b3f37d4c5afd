import type {KubeObject} from '../objects.ts';
import {resourceName} from './registry.ts';
import {groupVersion, type ServedType} from './served-type.ts';

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/** The resource that a CustomResourceDefinition brings; undefined when it serves no version. */
export function customType(crd: KubeObject): ServedType | undefined {
  if (!crd['spec']?.group || !crd['spec'].names?.plural || !crd['spec'].names.kind) return undefined;
  const {group, names, scope} = crd['spec'];
  const all: any[] = crd['spec'].versions ?? [];
  const served = all.filter(version => version.served).sort((a, b) => compareVersions(a.name, b.name));
  const stored = all.find(version => version.storage) ?? served[0];
  if (served.length === 0) return undefined;
  const kind: string = names.kind;
  const subresources = served[0].subresources ?? {};
  const named = {group, resource: names.plural};
  return {
    ...named,
    versions: served.map(version => version.name),
    singular: names.singular ?? kind.toLowerCase(),
    kind,
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: scope === 'Namespaced',
    verbs,
    subresources: [
      ...(subresources.status ? [{name: 'status', kind, verbs: ['get', 'patch', 'update']}] : []),
      ...(subresources.scale
        ? [
            {
              name: 'scale',
              group: 'autoscaling',
              version: 'v1',
              kind: 'Scale',
              verbs: ['get', 'patch', 'update'],
            },
          ]
        : []),
    ],
    custom: true,
    storage: resourceName(named),
    storedAs: groupVersion(group, stored.name),
    counted: true,
    crd,
  };
}

/** The schema of one version of a CRD, if it gives one. */
export function customSchema(crd: KubeObject, version: string): any {
  return crd['spec'].versions.find((each: any) => each.name === version)?.schema?.openAPIV3Schema;
}

/** Stable before beta before alpha, higher numbers first, anything else last and by name, as Kubernetes sorts them. */
export function compareVersions(left: string, right: string): number {
  const a = versionParts(left);
  const b = versionParts(right);
  if (!a || !b) return a ? -1 : b ? 1 : left < right ? -1 : left > right ? 1 : 0;
  return b.stage - a.stage || b.major - a.major || b.minor - a.minor;
}

function versionParts(version: string): {stage: number; major: number; minor: number} | undefined {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  if (!match) return undefined;
  return {
    stage: match[2] === 'alpha' ? 0 : match[2] === 'beta' ? 1 : 2,
    major: Number(match[1]),
    minor: Number(match[3] ?? 0),
  };
}

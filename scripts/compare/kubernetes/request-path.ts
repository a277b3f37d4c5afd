import type {IstioObject} from '../../../runner/istio/types.ts';
import {groupOf, pluralOf} from './kinds.ts';

/** What a path of the API names: all objects of a resource, those of a namespace, or one of them. */
export interface ResourcePath {
  group: string;
  version: string;
  plural: string;
  namespace?: string;
  name?: string;
  subresource?: string;
}

/** Reads `/api/v1/…` and `/apis/<group>/<version>/…`; undefined for anything that is no resource. */
export function resourcePath(path: string): ResourcePath | undefined {
  const [root, ...parts] = path.split('/').filter(part => part !== '');
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'api' ? '' : (parts.shift() ?? '');
  const version = parts.shift() ?? '';
  const namespace = parts[0] === 'namespaces' && parts.length > 2 ? parts.splice(0, 2)[1] : undefined;
  const [plural, name, subresource] = parts;
  if (!plural) return undefined;
  return {
    group,
    version,
    plural,
    ...(namespace ? {namespace} : {}),
    ...(name ? {name} : {}),
    ...(subresource ? {subresource} : {}),
  };
}

/** Whether an object is one of those that the path and its selectors ask for. */
export function selects(path: ResourcePath, object: IstioObject, query?: URLSearchParams): boolean {
  const {namespace, labels = {}} = object.metadata;
  if (groupOf(object.apiVersion) !== path.group || pluralOf(object.kind) !== path.plural) return false;
  if (path.namespace && namespace !== path.namespace) return false;
  const labelSelector = query?.get('labelSelector');
  if (labelSelector && !labelsSelected(labels, labelSelector)) return false;
  const fieldSelector = query?.get('fieldSelector');
  return !fieldSelector || fieldsSelected(object, fieldSelector);
}

function labelsSelected(labels: Record<string, string>, selector: string): boolean {
  return selector.split(',').every(term => {
    const [, key = '', operator, value] = /^(!?[^=!]+)(=|==|!=)?(.*)$/.exec(term) ?? [];
    if (!operator) return key.startsWith('!') ? !(key.slice(1) in labels) : key in labels;
    return (labels[key] === value) === (operator !== '!=');
  });
}

function fieldsSelected(object: IstioObject, selector: string): boolean {
  return selector.split(',').every(term => {
    const [path = '', value] = term.split(/==?|!=/);
    const found = path.split('.').reduce<any>((inner, key) => inner?.[key], object) ?? '';
    return (found === value) === !term.includes('!=');
  });
}

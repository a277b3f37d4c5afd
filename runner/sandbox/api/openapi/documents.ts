import {createHash} from 'node:crypto';
import type {KubeObject} from '../../objects.ts';
import {type ResourceType, resourceName} from '../registry.ts';
import {messageNameOf} from '../schema/message-fields.ts';
import {addMessageSchema, schemaName} from './builtin-schemas.ts';
import {addCustomSchema} from './custom-schemas.ts';
import {resourcePaths} from './operations.ts';

export interface OpenApiIndex {
  paths: Record<string, {serverRelativeURL: string}>;
}

/**
 * What `/openapi/v3` answers: one document for each group version, with a hash that changes when the kinds of
 * that group do. Clients keep a document for as long as its hash stays.
 */
export function openApiIndex(types: readonly ResourceType[], crds: readonly KubeObject[]): OpenApiIndex {
  const paths: OpenApiIndex['paths'] = {};
  for (const groupVersion of groupVersions(types)) {
    const path = groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;
    const hash = openApiHash(groupVersion, types, crds);
    paths[path] = {serverRelativeURL: `/openapi/v3/${path}?hash=${hash}`};
  }
  return {paths};
}

/** The hash in the index of one group version (`v1`, `apps/v1`): what an `ETag` should carry. */
export function openApiHash(
  groupVersion: string,
  types: readonly ResourceType[],
  crds: readonly KubeObject[],
): string {
  const hash = createHash('sha256');
  for (const type of typesOf(groupVersion, types)) {
    hash.update(textOf(type));
    const crd = definitionOf(type, crds);
    if (crd) hash.update(textOf(crd['spec']));
  }
  return hash.digest('hex').toUpperCase();
}

/** What was hashed once is not written out again: definitions are large, never change in place, and are asked for often. */
const texts = new WeakMap<object, string>();

function textOf(value: object): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  // A definition's status is no part of what it defines.
  const json = JSON.stringify(value, (key, child) => (key === 'crd' ? undefined : child));
  const text = createHash('sha256').update(json).digest('hex');
  texts.set(value, text);
  return text;
}

/**
 * The OpenAPI v3 document of one group version: its paths, as far as clients read them, and the schemas that
 * `kubectl explain` prints.
 * @param groupVersion `v1` or `apps/v1`
 */
export function openApiDocument(
  groupVersion: string,
  types: readonly ResourceType[],
  crds: readonly KubeObject[],
): object {
  const version = groupVersion.split('/').at(-1) ?? groupVersion;
  const paths: Record<string, object> = {};
  const schemas: Record<string, Record<string, unknown>> = {};
  for (const type of typesOf(groupVersion, types)) {
    Object.assign(paths, resourcePaths(type, version));
    const gvk = {group: type.group, version, kind: type.kind};
    const crd = definitionOf(type, crds);
    if (crd) addCustomSchema(crd, gvk, schemas);
    else addBuiltinKind(groupVersion, gvk, schemas);
  }
  return {
    openapi: '3.0.0',
    info: {title: 'istio-workshop sandbox (simulated Kubernetes API)', version: 'v1.33.0'},
    paths,
    components: {schemas},
  };
}

function addBuiltinKind(
  groupVersion: string,
  gvk: {group: string; version: string; kind: string},
  schemas: Record<string, Record<string, unknown>>,
): void {
  const message = messageNameOf(groupVersion, gvk.kind);
  if (!message) return;
  addMessageSchema(message, schemas);
  const schema = schemas[schemaName(message)];
  if (!schema) return;
  schema['properties'] = {
    apiVersion: {type: 'string', description: 'The group and version that this object is written in.'},
    kind: {type: 'string', description: 'What the object is.'},
    ...(schema['properties'] as object),
  };
  schema['x-kubernetes-group-version-kind'] = [gvk];
}

function groupVersions(types: readonly ResourceType[]): string[] {
  const all = types.flatMap(type => type.versions.map(version => join(type.group, version)));
  return [...new Set(all)].sort();
}

function typesOf(groupVersion: string, types: readonly ResourceType[]): ResourceType[] {
  return types.filter(type => type.versions.some(version => join(type.group, version) === groupVersion));
}

function join(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

function definitionOf(type: ResourceType, crds: readonly KubeObject[]): KubeObject | undefined {
  return type.custom ? crds.find(crd => crd.metadata.name === resourceName(type)) : undefined;
}

import {copyJson} from '../../json.ts';
import type {KubeObject} from '../../objects.ts';
import {decodeBody} from '../bodies.ts';
import {badRequest, conflict, invalid} from '../failures.ts';
import {checkMessage} from '../field-validation.ts';
import {type ApiResponse, jsonResponse} from '../messages.ts';
import {builtinShape} from '../patches/builtin-shapes.ts';
import {patchObject} from '../patches/patch.ts';
import type {BuiltinSubresource} from './subresource.ts';

interface ScalePaths {
  spec: readonly string[];
  status: readonly string[];
  selector: readonly string[] | undefined;
}

/** `scale`: the replicas of a workload, as an `autoscaling/v1` Scale. */
export const serveScale: BuiltinSubresource = ({request, operations, context}): ApiResponse => {
  const {type, info} = request;
  const namespace = type.namespaced ? info.namespace : undefined;
  const object = operations.get(type, namespace, info.name);
  const paths = pathsOf(type.crd, info.version);
  const scale = scaleOf(object, paths);
  if (info.verb === 'get') return jsonResponse(200, scale);
  const wanted = info.verb === 'patch' ? patched(scale) : decodeBody(request.request.body, contentType());
  checkMessage('autoscaling.v1.Scale', wanted ?? {});
  if (!wanted?.metadata) throw badRequest('the body is not a Scale');
  const sent = wanted.metadata.resourceVersion;
  if (sent && sent !== object.metadata.resourceVersion) throw conflict(type, info.name);
  const replicas = wanted.spec?.replicas ?? 0;
  if (!Number.isInteger(replicas) || replicas < 0) {
    throw invalid({group: 'autoscaling', kind: 'Scale'}, info.name, [
      {
        reason: 'FieldValueInvalid',
        field: 'spec.replicas',
        message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
      },
    ]);
  }
  const changed = copyJson(object);
  write(changed, paths.spec, replicas);
  const stored = operations.update(type, changed, context, {subresource: 'scale'});
  return jsonResponse(200, scaleOf(stored, paths));

  function contentType() {
    return request.request.headers['content-type'];
  }

  function patched(current: KubeObject): KubeObject {
    return patchObject({
      type,
      shape: builtinShape('autoscaling/v1', 'Scale'),
      current,
      body: request.request.body ?? new Uint8Array(),
      contentType: (contentType() ?? '').split(';')[0] ?? '',
    });
  }
};

function pathsOf(crd: KubeObject | undefined, version: string): ScalePaths {
  const declared = crd?.['spec'].versions.find((each: any) => each.name === version)?.subresources?.scale;
  const split = (path: string) => path.split('.').filter(part => part !== '');
  return {
    spec: split(declared?.specReplicasPath ?? '.spec.replicas'),
    status: split(declared?.statusReplicasPath ?? '.status.replicas'),
    selector: declared ? declared.labelSelectorPath && split(declared.labelSelectorPath) : undefined,
  };
}

function scaleOf(object: KubeObject, paths: ScalePaths): KubeObject {
  const {name, namespace, uid, resourceVersion, creationTimestamp} = object.metadata;
  const selector = paths.selector ? read(object, paths.selector) : selectorText(object['spec']?.selector);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {name, ...(namespace ? {namespace} : {}), ...{uid, resourceVersion, creationTimestamp}},
    spec: {replicas: read(object, paths.spec) ?? 0},
    status: {replicas: read(object, paths.status) ?? 0, ...(selector ? {selector} : {})},
  } as KubeObject;
}

/** A selector in its query form; a ReplicationController's is a plain map. */
function selectorText(selector: any): string {
  if (!selector) return '';
  const labels = selector.matchLabels ?? (selector.matchExpressions ? {} : selector);
  const parts = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  for (const {key, operator, values = []} of selector.matchExpressions ?? []) {
    if (operator === 'Exists') parts.push(key);
    else if (operator === 'DoesNotExist') parts.push(`!${key}`);
    else parts.push(`${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`);
  }
  return parts.sort().join(',');
}

function read(object: any, path: readonly string[]): any {
  return path.reduce((value, field) => value?.[field], object);
}

function write(object: any, path: readonly string[], value: unknown): void {
  let parent = object;
  for (const field of path.slice(0, -1)) {
    parent[field] ??= {};
    parent = parent[field];
  }
  parent[path.at(-1) as string] = value;
}

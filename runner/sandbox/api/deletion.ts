import {rfc3339} from '../clock.ts';
import {copyJson} from '../json.ts';
import type {KubeObject} from '../objects.ts';
import {conflict} from './failures.ts';
import type {ServedType} from './served-type.ts';

export interface DeleteRequest {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  orphanDependents?: boolean;
  preconditions?: {uid?: string; resourceVersion?: string};
}

const orphan = 'orphan';
const foreground = 'foregroundDeletion';

/**
 * The object as its deletion marks it: with a deletionTimestamp, the grace period, and the finalizers that
 * the propagation policy asks for. The caller removes it where nothing holds it.
 * @throws ApiError 409 when a precondition does not hold.
 */
export function prepareDeletion(options: {
  type: ServedType;
  object: KubeObject;
  request: DeleteRequest;
  now: number;
}): KubeObject {
  const {type, request, now} = options;
  checkPreconditions(type, options.object, request);
  const object = copyJson(options.object);
  const {metadata} = object;
  const grace = gracePeriod(type, object, request);
  setFinalizers(object, request);
  const already = metadata.deletionTimestamp !== undefined;
  if (already && grace >= (metadata.deletionGracePeriodSeconds ?? 0)) return object;
  if (!already && type.counted) metadata.generation = (metadata.generation ?? 1) + 1;
  const from = already && metadata.deletionTimestamp ? startOfDeletion(metadata) : now;
  metadata.deletionTimestamp = rfc3339(from + grace * 1000);
  metadata.deletionGracePeriodSeconds = grace;
  if (type.storage === 'namespaces') object['status'] = {...object['status'], phase: 'Terminating'};
  return object;
}

function startOfDeletion(metadata: KubeObject['metadata']): number {
  return Date.parse(metadata.deletionTimestamp as string) - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
}

function checkPreconditions(type: ServedType, object: KubeObject, request: DeleteRequest): void {
  const {uid, resourceVersion} = request.preconditions ?? {};
  const {metadata} = object;
  if (uid && uid !== metadata.uid) {
    throw conflict(
      type,
      metadata.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
    );
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      type,
      metadata.name,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`,
    );
  }
}

/** Only pods are given time to stop, and only once they may be running somewhere. */
function gracePeriod(type: ServedType, object: KubeObject, request: DeleteRequest): number {
  if (type.storage !== 'pods') return 0;
  const {spec, status} = object as KubeObject & {spec?: any; status?: any};
  if (!spec?.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
  const asked = request.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  return asked < 0 ? 1 : asked;
}

function setFinalizers(object: KubeObject, request: DeleteRequest): void {
  const policy = request.propagationPolicy ?? (request.orphanDependents ? 'Orphan' : undefined);
  if (policy === undefined) return;
  const others = (object.metadata.finalizers ?? []).filter(each => each !== orphan && each !== foreground);
  const added = policy === 'Orphan' ? [orphan] : policy === 'Foreground' ? [foreground] : [];
  const finalizers = [...others, ...added];
  if (finalizers.length > 0) object.metadata.finalizers = finalizers;
  else delete object.metadata.finalizers;
}

import {isMap} from '../../json.ts';
import {applyMergePatch} from '../../merge-patch.ts';
import type {KubeObject} from '../../objects.ts';
import {decodeJson} from '../bodies.ts';
import {badRequest, unsupportedMediaType} from '../failures.ts';
import type {ServedType} from '../served-type.ts';
import {jsonPatch} from './json-patch.ts';
import type {Shape} from './shape.ts';
import {strategicMerge} from './strategic-merge.ts';

export const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

/**
 * Applies a patch of any kind but server-side apply.
 * @throws ApiError 400, 415 or 422, as the API server answers.
 */
export function patchObject(options: {
  type: ServedType;
  /** As the version of the request shows it. */
  current: KubeObject;
  body: Uint8Array;
  contentType: string;
  /** Of the kind that the path stands for. */
  shape: Shape;
}): KubeObject {
  const {type, current, contentType} = options;
  const patch = decodeJson(options.body);
  if (contentType === patchTypes.json) return jsonPatch(current, patch) as KubeObject;
  if (!isMap(patch)) throw badRequest('error decoding patch: a merge patch is an object');
  if (contentType === patchTypes.merge) return applyMergePatch(current, patch) as KubeObject;
  if (contentType === patchTypes.strategic && !type.custom) {
    return strategicMerge(options.shape, current, patch) as KubeObject;
  }
  throw unsupportedMediaType(acceptedPatches(type));
}

export function acceptedPatches(type: ServedType): string[] {
  const {json, merge, strategic, apply} = patchTypes;
  return type.custom ? [json, merge, apply] : [json, merge, strategic, apply];
}

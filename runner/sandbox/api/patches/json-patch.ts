import {applyPatch, type Operation} from 'rfc6902';
import {copyJson} from '../../store/json.ts';
import {ApiError} from '../errors.ts';
import {badRequest} from '../failures.ts';

/** RFC 6902. @throws ApiError 400 for what is no patch, 422 when an operation does not fit the object. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('error decoding patch: a JSON patch is a list of operations');
  const result = copyJson(target);
  const errors = applyPatch(result, patch as Operation[]);
  if (errors.some(error => error !== null)) throw new ApiError(422, 'Invalid', rejected, {});
  return result;
}

/** The API server keeps to itself which operation did not fit. */
const rejected = 'the server rejected our request due to an error in our request';

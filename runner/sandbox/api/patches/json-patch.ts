import {applyPatch, type Operation, Pointer} from 'rfc6902';
import {copyJson, isMap} from '../../json.ts';
import {requirePlain} from '../bodies.ts';
import {ApiError} from '../errors.ts';
import {badRequest} from '../failures.ts';

/** RFC 6902. @throws ApiError 400 for what is no patch, 422 when an operation does not fit the object. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('error decoding patch: a JSON patch is a list of operations');
  if (patch.length > mostOperations) {
    const text = `The allowed maximum operations in a JSON patch is ${mostOperations}, got ${patch.length}`;
    throw new ApiError(413, 'RequestEntityTooLarge', text);
  }
  if (!patch.every(isOperation)) throw new ApiError(422, 'Invalid', rejected, {});
  // A whole object that is replaced has to hang on something.
  const root = {object: copyJson(target)};
  let copied = 0;
  for (const operation of patch) {
    const from = `/object${operation.from ?? ''}`;
    if (operation.op === 'copy') copied += JSON.stringify(Pointer.fromJSON(from).get(root))?.length ?? 0;
    if (copied > mostCopied) {
      const text = `Unable to complete the copy, the accumulated size increase of copy is ${copied}, exceeding the limit ${mostCopied}`;
      throw new ApiError(413, 'RequestEntityTooLarge', text);
    }
    const moved = {
      ...operation,
      path: `/object${operation.path}`,
      ...(operation.from === undefined ? {} : {from}),
    } as Operation;
    if (!fits(root, moved)) throw new ApiError(422, 'Invalid', rejected, {});
  }
  // Copies of copies nest.
  requirePlain(root.object);
  return root.object;
}

/** Applies one operation. @returns false when it does not fit: the library answers that, or throws on a scalar. */
function fits(root: object, operation: Operation): boolean {
  try {
    return applyPatch(root, [operation])[0] === null;
  } catch {
    return false;
  }
}

const mostOperations = 10_000;
/** Ten bodies of the largest size: copies of copies double what is there (apiserver, endpoints/handlers/patch.go). */
const mostCopied = 30 * 1024 * 1024;

function isOperation(value: unknown): value is {op: string; path: string; from?: string} {
  if (!isMap(value) || !isPointer(value['path'])) return false;
  const needsFrom = value['op'] === 'move' || value['op'] === 'copy';
  return !needsFrom || isPointer(value['from']);
}

/** Names that objects have by nature are not among their fields. */
function isPointer(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^(\/[^/]*)*$/.test(value) &&
    !/\/(__proto__|constructor|prototype)(\/|$)/.test(value)
  );
}

/** The API server keeps to itself which operation did not fit. */
const rejected = 'the server rejected our request due to an error in our request';

import {applyPatch, type Operation} from 'rfc6902';
import {copyJson} from '../../store/json.ts';
import {ApiError} from '../errors.ts';
import {badRequest} from '../failures.ts';

/** RFC 6902. @throws ApiError 400 for what is no patch, 422 when an operation does not fit the object. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('error decoding patch: a JSON patch is a list of operations');
  const result = copyJson(target);
  const errors = applyPatch(result, patch as Operation[]);
  errors.forEach((error, index) => {
    if (!error) return;
    const {op, path} = patch[index] ?? {};
    throw new ApiError(
      422,
      'Invalid',
      `the server rejected our request due to an error in our request: ${describe(op, path, error)}`,
    );
  });
  return result;
}

function describe(op: string, path: string, error: Error): string {
  if (error.name === 'TestError') return `testing value ${path} failed: test failed`;
  if (error.name === 'MissingError')
    return `${op} operation does not apply: doc is missing path: "${path}": missing value`;
  return error.message;
}

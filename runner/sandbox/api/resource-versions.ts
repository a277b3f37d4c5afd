import {ApiError} from './errors.ts';
import {invalid} from './failures.ts';
import type {ResourceType} from './registry.ts';

/**
 * Reads the resourceVersion that a list or a watch begins with; 0 for none.
 * @param current the store's revision
 * @throws ApiError 422 for what is none, and 504 for one that is still to come, as the API server answers (apiserver,
 * pkg/storage/api_object_versioner.go and errors.go)
 */
export function readResourceVersion(
  text: string,
  type: Pick<ResourceType, 'group' | 'resource'>,
  current: number,
): number {
  if (text === '') return 0;
  const why = !/^\d+$/.test(text)
    ? 'invalid syntax'
    : BigInt(text) >= 2n ** 64n
      ? 'value out of range'
      : undefined;
  if (why !== undefined) {
    const shown = JSON.stringify(text);
    throw invalid({group: type.group, kind: type.resource}, '', [
      {
        reason: 'FieldValueInvalid',
        field: 'resourceVersion',
        message: `Invalid value: ${shown}: strconv.ParseUint: parsing ${shown}: ${why}`,
      },
    ]);
  }
  if (Number(text) <= current) return Number(text);
  throw new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${text}, current: ${current}`, {
    retryAfterSeconds: 1,
    causes: [{reason: 'ResourceVersionTooLarge', message: 'Too large resource version'}],
  });
}

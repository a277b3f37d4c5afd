import type {KubeObject} from '../objects.ts';
import {ApiError} from './errors.ts';

/** Where a list was cut: opaque to clients, the last object's place in the order to us. */
export function continueToken(last: KubeObject): string {
  return Buffer.from(JSON.stringify([last.metadata.namespace ?? '', last.metadata.name])).toString(
    'base64url',
  );
}

/** The index at which the list goes on. @throws ApiError 410 for a token that is not ours. */
export function readContinueToken(token: string, objects: readonly KubeObject[]): number {
  const place = decode(token);
  const after = objects.findIndex(
    ({metadata}) => `${metadata.namespace ?? ''}/${metadata.name}` > `${place[0]}/${place[1]}`,
  );
  return after < 0 ? objects.length : after;
}

function decode(token: string): [string, string] {
  try {
    const place = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(place) && place.length === 2) return [String(place[0]), String(place[1])];
  } catch {
    // Answered below, as any other token that is not ours.
  }
  throw new ApiError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
  );
}

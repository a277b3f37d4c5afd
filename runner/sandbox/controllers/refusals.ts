import {ApiError} from '../api/errors.ts';

/** Refused because the namespace is being deleted, which makes trying again pointless. */
export function isNamespaceGoing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status.details?.causes?.some(cause => cause.reason === 'NamespaceTerminating') ?? false;
}

import {ApiError} from '../api/errors.ts';

/** Refused because the namespace is being deleted, which makes trying again pointless. */
export function isNamespaceGoing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status.details?.causes?.some(cause => cause.reason === 'NamespaceTerminating') ?? false;
}

/** Runs a write on an object that somebody else may have removed or changed: then there is nothing left to do. */
export function ignoringGone(write: () => unknown): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof ApiError && (error.status.code === 404 || error.status.code === 409))) throw error;
  }
}

import {ApiError, type Status} from '../api/errors.ts';

/** The statuses that end a command's streams, as the kubelet writes them. */
export type ExecStatus =
  | {metadata: Record<string, never>; status: 'Success'}
  | (Omit<Status, 'kind' | 'apiVersion' | 'details'> & {
      details?: {causes: {reason: string; message: string}[]};
    });

/** How a command ended: kubectl ends with the same exit code. */
export function exitStatus(exitCode: number): ExecStatus {
  if (exitCode === 0) return {metadata: {}, status: 'Success'};
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: {causes: [{reason: 'ExitCode', message: String(exitCode)}]},
    code: 500,
  };
}

/** A failure that is not the command's own. */
export function internalStatus(text: string): ExecStatus {
  return {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${text}`,
    reason: 'InternalError',
    details: {causes: [{reason: '', message: text}]},
    code: 500,
  };
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function internalError(text: string): ApiError {
  return new ApiError(500, 'InternalError', `Internal error occurred: ${text}`);
}

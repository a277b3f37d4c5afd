import type {HttpFault} from '../types.ts';
import type {Collector} from './findings.ts';
import {quoted} from './go-format.ts';
import {validateDuration, validatePercentage} from './values.ts';

const grpcStatuses = new Set([
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE'],
  ...['UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
]);

/**
 * Istio: `validateHTTPFaultInjection`. An abort without an error type passes: the warning of it is lost on its way
 * to the webhook.
 */
export function validateFault(fault: HttpFault | undefined, found: Collector): void {
  if (!fault) return;
  const {abort, delay} = fault;
  if (!abort && !delay) found.listed('HTTP fault injection must have an abort and/or a delay');
  if (abort) {
    validatePercentage(abort.percentage, found);
    if (abort.grpcStatus !== undefined) validateGrpcStatus(abort.grpcStatus, found);
    else if (abort.http2Error !== undefined) found.error('HTTP/2 abort fault injection not supported yet');
    else if (abort.httpStatus !== undefined) validateHttpStatus(abort.httpStatus, found);
  }
  if (delay) {
    validatePercentage(delay.percentage, found);
    validateDuration(delay.fixedDelay ?? delay.exponentialDelay, found);
    if (delay.exponentialDelay !== undefined) found.listed('exponentialDelay not supported yet');
  }
}

export function validateHttpStatus(status: number, found: Collector): void {
  if (status < 200 || status > 600) found.error(`HTTP status ${status} is not in range 200-599`);
}

function validateGrpcStatus(status: string, found: Collector): void {
  if (grpcStatuses.has(status)) return;
  found.error(
    `gRPC status ${quoted(status)} is not supported. See https://github.com/grpc/grpc/blob/master/doc/statuscodes.md for a list of supported codes, for example 'NOT_FOUND'`,
  );
}

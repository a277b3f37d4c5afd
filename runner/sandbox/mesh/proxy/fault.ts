import type {ServerResponse} from 'node:http';
import type {FaultPolicy} from '../../../istio/route-table.ts';
import type {Exchange} from './exchange.ts';
import type {LocalReply} from './reply.ts';
import type {ProxyRuntime} from './runtime.ts';

/** gRPC status names, in the order of their numbers. */
const grpcStatuses = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/**
 * Envoy's fault filter, which stands before the router: the delay comes first and is not part of the route's
 * time-out; an aborted request never reaches an upstream.
 * @returns the reply of an abort, `gone` when the client left meanwhile, or nothing.
 */
export async function injectFault(
  runtime: ProxyRuntime,
  fault: FaultPolicy | undefined,
  headers: Readonly<Record<string, string | undefined>>,
  exchange: Exchange,
  response: ServerResponse,
): Promise<LocalReply | 'gone' | undefined> {
  if (!fault) return undefined;
  const hits = (percentage: number) => percentage > 0 && runtime.random() * 100 < percentage;
  const {delay, abort} = fault;
  if (delay && hits(delay.percentage)) {
    exchange.flags.push('DI');
    const gone = await new Promise<boolean>(resolve => {
      const left = () => {
        timer.cancel();
        resolve(true);
      };
      const timer = runtime.clock.after(delay.milliseconds, () => {
        response.removeListener('close', left);
        resolve(false);
      });
      response.once('close', left);
    });
    if (gone) {
      exchange.flags.push('DC');
      exchange.details = 'downstream_remote_disconnect';
      return 'gone';
    }
  }
  if (!abort || !hits(abort.percentage)) return undefined;
  const grpc =
    abort.grpcStatus ?? (headers['content-type']?.startsWith('application/grpc') ? 'UNKNOWN' : undefined);
  if (grpc) {
    return {
      status: 200,
      body: '',
      flag: 'FI',
      details: 'fault_filter_abort',
      headers: {
        'content-type': 'application/grpc',
        'grpc-status': String(Math.max(0, grpcStatuses.indexOf(grpc))),
        'grpc-message': 'fault filter abort',
      },
    };
  }
  return {status: abort.httpStatus, body: 'fault filter abort', flag: 'FI', details: 'fault_filter_abort'};
}

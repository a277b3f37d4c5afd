import type {IncomingHttpHeaders} from 'node:http';

/** What Bookinfo's services pass on besides the trace context of B3 (samples/bookinfo of Istio 1.24 to 1.31). */
const shared = [
  'x-request-id',
  'x-ot-span-context',
  'x-datadog-trace-id',
  'x-datadog-parent-id',
  'x-datadog-sampling-priority',
  'traceparent',
  'tracestate',
  'x-cloud-trace-context',
  'grpc-trace-bin',
  'sw8',
  'user-agent',
  'cookie',
  'authorization',
  'jwt',
];

/** productpage takes `end-user` from its session alone: one that a client sends is dropped. */
export const productPageHeaders: readonly string[] = [
  ...shared,
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-sampled',
];

export const reviewsHeaders: readonly string[] = [
  ...shared,
  'end-user',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
];

/** The headers of `incoming` that a service sends on to the next one. */
export function forwardedHeaders(
  incoming: IncomingHttpHeaders,
  names: readonly string[],
): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const name of names) {
    const value = incoming[name];
    if (value !== undefined) forwarded[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return forwarded;
}

import type {Forwarding} from '../../../istio/decide.ts';
import type {RouteRequest} from '../../../istio/match.ts';
import type {BalancedRequest} from './balancer.ts';
import type {ReplayBody} from './body.ts';
import type {HeaderMap} from './hop.ts';
import {nextTry} from './next-try.ts';
import type {ProxyRuntime} from './runtime.ts';

/** Sends copies of a request and forgets them: what comes back, or fails, never reaches the client. */
export function sendMirrors(
  runtime: ProxyRuntime,
  mirrors: Forwarding['mirrors'],
  request: RouteRequest,
  headers: HeaderMap,
  body: ReplayBody,
  balanced: BalancedRequest,
): void {
  if (!body.replayable) return;
  const shadow = runtime.routes()?.snapshot.meshConfig.shadowHostSuffix === true;
  for (const {cluster} of mirrors) {
    if (!cluster) continue;
    void copyTo(
      runtime,
      nextTry(runtime, cluster, balanced),
      request,
      shadow ? withShadowHost(headers) : headers,
      body,
    );
  }
}

async function copyTo(
  runtime: ProxyRuntime,
  next: ReturnType<typeof nextTry>,
  request: RouteRequest,
  headers: HeaderMap,
  body: ReplayBody,
): Promise<void> {
  const chosen = await next();
  if (typeof chosen === 'string') return;
  const outgoing = runtime.pool.open(
    {
      hop: chosen.hop,
      method: request.method,
      path: request.path,
      headers: {...headers, 'x-envoy-attempt-count': '1'},
    },
    incoming => {
      incoming.resume();
      incoming.on('close', () => chosen.finished(incoming.statusCode ?? 0));
    },
  );
  outgoing.on('error', () => chosen.finished(0));
  body.copyTo(outgoing);
}

function withShadowHost(headers: HeaderMap): HeaderMap {
  const host = String(headers['host'] ?? '');
  const colon = host.lastIndexOf(':');
  const shadowed = colon < 0 ? `${host}-shadow` : `${host.slice(0, colon)}-shadow${host.slice(colon)}`;
  return {...headers, host: shadowed};
}

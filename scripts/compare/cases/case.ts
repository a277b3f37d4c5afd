import type {IstioObject} from '../../../runner/istio/types.ts';
import {outside} from '../world/addresses.ts';
import {type CallerId, callers} from '../world/callers.ts';
import {type WorldOptions, worldServices} from '../world/services.ts';

/** A request as a case writes it; what it leaves out is filled in by {@link completed}. */
export interface CaseRequest {
  caller?: CallerId;
  /** The Host, with a port if the client sends one. */
  host?: string;
  /** The port that the client dials. */
  port?: number;
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  /** Bytes that are no HTTP, or the beginning of TLS that asks for `host`. @default 'http' */
  speak?: 'http' | 'bytes' | 'tls';
  /** The address that the client dials; by default what its DNS would say. */
  ip?: string;
  /** How often it is asked; by default as often as the case needs. */
  times?: number;
}

export type CompleteRequest = Required<Omit<CaseRequest, 'times'>>;

/** A configuration of Bookinfo's world, and what is asked of it. */
export interface CompareCase {
  id: string;
  objects: readonly IstioObject[];
  requests: readonly CaseRequest[];
  options?: WorldOptions & {times?: number};
}

export function completed(request: CaseRequest, options?: WorldOptions): CompleteRequest {
  const caller = request.caller ?? 'productpage';
  const host = request.host ?? 'reviews:9080';
  return {
    caller,
    host,
    port: request.port ?? (callers[caller].kind === 'gateway' ? 80 : 9080),
    path: request.path ?? '/reviews/0',
    method: request.method ?? 'GET',
    headers: request.headers ?? {},
    speak: request.speak ?? 'http',
    ip: request.ip ?? addressOf(host, caller, options),
  };
}

/** What a client's DNS would answer for a Host, as seen from the caller's namespace. */
function addressOf(host: string, caller: CallerId, options?: WorldOptions): string {
  const name = host.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
  for (const service of worldServices(options)) {
    const short = `${service.name}.${service.namespace}`;
    const {clusterIP} = service;
    const names = [clusterIP, service.host, short, `${short}.svc`];
    if (service.namespace === callers[caller].namespace) names.push(service.name);
    if (names.includes(name)) return clusterIP === 'None' ? (service.pods[0]?.ip ?? outside) : clusterIP;
  }
  return outside;
}

/** Few where every answer must be the same, many where weights or faults decide. */
export function timesFor({objects, options}: CompareCase): number {
  const text = JSON.stringify(objects);
  if (text.includes('"fixedDelay"')) return 4;
  return /"weight"|"percentage"/.test(text) ? 160 : (options?.times ?? 30);
}

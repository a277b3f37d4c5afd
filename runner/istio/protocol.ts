import type {Protocol} from './snapshot.ts';

/** What a proxy does with each protocol that Istio knows by name. Any other name: it looks at the first bytes. */
const protocols: Readonly<Record<string, Protocol>> = {
  http: 'http',
  http_proxy: 'http',
  http2: 'http',
  grpc: 'http',
  'grpc-web': 'http',
  https: 'tls',
  tls: 'tls',
  tcp: 'tcp',
  mongo: 'tcp',
  redis: 'tcp',
  mysql: 'tcp',
  udp: 'udp',
};

/** Names of Kubernetes' own that `appProtocol` may have. */
const appProtocols: Readonly<Record<string, string>> = {
  'kubernetes.io/h2c': 'http2',
  'kubernetes.io/ws': 'http',
  'kubernetes.io/wss': 'https',
};

/** Ports whose server talks first; a sidecar never waits there for the client's first bytes. */
const serverFirst = new Set([25, 53, 3306, 8020, 9000]);

/**
 * The name of the protocol of a Service's port: `appProtocol`, else the port's name up to the first dash (Istio:
 * `ConvertProtocol`). Empty where it is to be found out.
 */
export function servicePortProtocol(port: {
  name?: string;
  appProtocol?: string;
  protocol?: string;
  port?: number;
}): string {
  if (port.protocol === 'UDP') return 'udp';
  const stated =
    port.appProtocol === undefined ? port.name : (appProtocols[port.appProtocol] ?? port.appProtocol);
  const name = (stated ?? '').toLowerCase();
  const known = name.startsWith('grpc-web') ? 'grpc-web' : (name.split('-')[0] ?? '');
  if (known in protocols) return known;
  return serverFirst.has(port.port ?? 0) ? 'tcp' : '';
}

/** The same of a ServiceEntry's port, which states it (Istio: `protocol.Parse`). */
export function entryPortProtocol(stated: string | undefined): string {
  const name = (stated ?? '').toLowerCase();
  return name in protocols ? name : '';
}

export function protocolKind(name: string): Protocol {
  return protocols[name] ?? 'auto';
}

/** Whether proxies speak HTTP/2 to such a port, whatever the client spoke. */
export function speaksHttp2(name: string): boolean {
  return name === 'http2' || name === 'grpc';
}

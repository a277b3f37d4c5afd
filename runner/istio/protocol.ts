import type {Protocol} from './snapshot.ts';

const protocols: Record<string, Protocol> = {
  http: 'http',
  http2: 'http',
  h2c: 'http',
  grpc: 'http',
  'grpc-web': 'http',
  'kubernetes.io/h2c': 'http',
  'kubernetes.io/ws': 'http',
  https: 'tls',
  tls: 'tls',
  'kubernetes.io/wss': 'tls',
  tcp: 'tcp',
  mongo: 'tcp',
  redis: 'tcp',
  mysql: 'tcp',
  udp: 'udp',
};

/** Ports whose server talks first; a sidecar never waits there for the client's first bytes. */
const serverFirst = new Set([25, 53, 3306, 8020, 9000]);

/**
 * The protocol of a service port: `appProtocol`, else the port name up to the first dash, else found out from
 * the first bytes (Istio: `ConvertProtocol`).
 */
export function portProtocol(port: {
  name?: string;
  appProtocol?: string;
  protocol?: string;
  port?: number;
}): Protocol {
  if (port.protocol === 'UDP') return 'udp';
  const stated = port.appProtocol ?? port.name ?? '';
  const name = stated.toLowerCase();
  const known =
    protocols[name] ?? (name.startsWith('grpc-web') ? 'http' : protocols[name.split('-')[0] ?? '']);
  if (known) return known;
  return serverFirst.has(port.port ?? 0) ? 'tcp' : 'auto';
}

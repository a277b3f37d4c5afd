import type {Gateway, GatewayServer} from '../types.ts';
import {validatePort, validateWildcardDomain} from './common.ts';
import type {Collector} from './findings.ts';

const protocols = ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'MONGO', 'REDIS', 'MYSQL', 'TCP'];
const tlsProtocols = ['HTTPS', 'TLS'];

/** Istio: `ValidateGateway`. */
export function validateGateway(gateway: Gateway, found: Collector): void {
  const servers = gateway.spec?.servers ?? [];
  if (servers.length === 0) return found.error('gateway must have at least one server');
  const names = new Map<string, number>();
  for (const server of servers) validateServer(server, found);
  for (const server of servers) {
    const name = server.port?.name;
    if (!name) continue;
    names.set(name, (names.get(name) ?? 0) + 1);
    if (names.get(name) === 2) found.error(`port names in servers must be unique: duplicate name ${name}`);
  }
}

function validateServer(server: GatewayServer, found: Collector): void {
  if (!server.hosts?.length) found.error('server config must contain at least one host');
  for (const entry of server.hosts ?? []) {
    const host = entry.slice(entry.indexOf('/') + 1);
    validateWildcardDomain(host, found);
    if (host !== '*' && !host.includes('.')) found.error('short names (non FQDN) are not allowed');
  }
  const {port, tls} = server;
  if (!port) return found.error('port is required');
  const protocol = (port.protocol ?? '').toUpperCase();
  if (port.name === undefined || port.name === '')
    found.error(`port name must be set: ${describePort(port)}`);
  if (![...protocols, ...tlsProtocols].includes(protocol)) {
    found.error(`invalid protocol "${port.protocol ?? ''}", supported protocols are ${protocols.join(', ')}`);
  }
  if (port.number === undefined || port.number < 1 || port.number > 65_535)
    validatePort(port.number ?? 0, found);
  if (tlsProtocols.includes(protocol) && !tls) {
    found.error('server must have TLS settings for HTTPS/TLS protocols');
  }
  const terminates = tls && !(tls.httpsRedirect && !tls.mode && !tls.credentialName);
  if (protocols.includes(protocol) && terminates && protocol !== 'TCP') {
    found.error('server cannot have TLS settings for plain text HTTP ports');
  }
}

/** As Go prints the protobuf message. */
function describePort({number, protocol, targetPort}: NonNullable<GatewayServer['port']>): string {
  return [
    ...(number ? [`number:${number}`] : []),
    ...(protocol ? [`protocol:${JSON.stringify(protocol)}`] : []),
    ...(targetPort ? [`target_port:${targetPort}`] : []),
  ].join(' ');
}

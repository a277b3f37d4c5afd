import type {Gateway, GatewayServer} from '../types.ts';
import type {Collector} from './findings.ts';
import {quoted} from './go-format.ts';
import {validateIp} from './ip-address.ts';
import {isDnsLabel, validatePortNumber} from './names.ts';
import {validateNamespacedHost} from './namespaced-host.ts';
import {isHttp, isKnownProtocol, isTls} from './protocols.ts';
import {validateServerTls} from './server-tls.ts';
import {isUnixAddress, validateUnixAddress} from './unix-address.ts';

/** Istio: `ValidateGateway`. */
export function validateGateway(gateway: Gateway, found: Collector): void {
  const {name} = gateway.metadata;
  const servers = gateway.spec?.servers ?? [];
  if (!isDnsLabel(name)) found.error(`invalid gateway name: ${quoted(name)}`);
  if (servers.length === 0) found.error('gateway must have at least one server');
  for (const server of servers) validateServer(server, found);
  const names = new Set<string>();
  for (const {port, tls} of servers) {
    const {name: own = '', protocol = ''} = port ?? {};
    if (names.has(own)) found.error(`port names in servers must be unique: duplicate name ${own}`);
    names.add(own);
    if (tls?.httpsRedirect && !isHttp(protocol)) {
      found.warn('tls.httpsRedirect should only be used with http servers');
    }
  }
}

function validateServer({hosts = [], port = {}, bind = '', tls}: GatewayServer, found: Collector): void {
  if (hosts.length === 0) found.error('server config must contain at least one host');
  for (const host of hosts) validateNamespacedHost(host, 'gateway', found);
  const before = found.errors.length;
  validateServerPort(port, bind, found);
  const rightPort = found.errors.length === before;
  if (isUnixAddress(bind)) {
    validateUnixAddress(bind, found);
    if (port.number) found.error(`port number must be 0 for unix domain socket: ${describePort(port)}`);
  } else if (bind !== '') validateIp(bind, found);
  validateServerTls(tls, found);
  if (rightPort) validateTlsOfPort(port.protocol ?? '', tls, found);
}

type Port = NonNullable<GatewayServer['port']>;

function validateServerPort(port: Port, bind: string, found: Collector): void {
  const {name = '', number = 0, protocol = '', targetPort = 0} = port;
  if (!isKnownProtocol(protocol)) {
    found.error(
      `invalid protocol ${quoted(protocol)}, supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP`,
    );
  }
  if (number > 0 || !isUnixAddress(bind)) validatePortNumber(number, found);
  if (targetPort > 0) found.error('targetPort has no impact on Gateways');
  if (name === '') found.error(`port name must be set: ${describePort(port)}`);
}

function validateTlsOfPort(protocol: string, tls: GatewayServer['tls'], found: Collector): void {
  if (isTls(protocol)) {
    if (!tls) found.error('server must have TLS settings for HTTPS/TLS protocols');
  } else if (tls && !isHttp(protocol)) {
    found.error('server cannot have TLS settings for non HTTPS/TLS ports');
  } else if (tls) {
    const passes = ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(tls.mode ?? 'PASSTHROUGH');
    if (!passes || tls.caCertificates || tls.privateKey || tls.serverCertificate) {
      found.error('server cannot have TLS settings for plain text HTTP ports');
    }
  }
}

/** As Go prints the protobuf message. */
function describePort({number, protocol, name, targetPort}: Port): string {
  return [
    ...(number ? [`number:${number}`] : []),
    ...(protocol ? [`protocol:${quoted(protocol)}`] : []),
    ...(name ? [`name:${quoted(name)}`] : []),
    ...(targetPort ? [`target_port:${targetPort}`] : []),
  ].join(' ');
}

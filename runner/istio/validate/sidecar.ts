import type {Destination, IstioObject} from '../types.ts';
import {type ConnectionPool, validateConnectionPool} from './connection-pool.ts';
import {validateDestination} from './destinations.ts';
import type {Collector} from './findings.ts';
import {quoted} from './go-format.ts';
import {validateIp} from './ip-address.ts';
import {fqdnFault, report, validatePortName, validatePortNumber} from './names.ts';
import {isHttp, isTls, validateProtocol} from './protocols.ts';
import {validateLabelSelector} from './selectors.ts';
import {type ServerTls, validateServerTls} from './server-tls.ts';
import {type SidecarPort, validateEgress} from './sidecar-egress.ts';
import {validateDefaultEndpoint} from './sidecar-endpoint.ts';

interface Ingress {
  port?: SidecarPort;
  bind?: string;
  defaultEndpoint?: string;
  tls?: ServerTls;
  connectionPool?: ConnectionPool;
}

interface SidecarSpec {
  workloadSelector?: {labels?: Record<string, string>};
  ingress?: Ingress[];
  egress?: Parameters<typeof validateEgress>[0];
  inboundConnectionPool?: ConnectionPool;
  outboundTrafficPolicy?: {mode?: string; egressProxy?: Destination};
}

/** Istio: `ValidateSidecar`. */
export function validateSidecar(sidecar: IstioObject<SidecarSpec>, found: Collector): void {
  const {workloadSelector, ingress = [], egress = [], ...rest} = sidecar.spec ?? {};
  const {inboundConnectionPool, outboundTrafficPolicy} = rest;
  if (!validateLabelSelector(workloadSelector, 'sidecar', found)) return;
  if (ingress.length + egress.length === 0 && !outboundTrafficPolicy && !inboundConnectionPool) {
    return found.error('sidecar: empty configuration provided');
  }
  const ports = new Set<number>();
  for (const listener of ingress) validateIngress(listener, ports, found);
  validateConnectionPool(inboundConnectionPool, found);
  validateEgress(egress, sidecar.metadata.namespace ?? '', found);
  validateOutbound(outboundTrafficPolicy, found);
}

function validateIngress(listener: Ingress, ports: Set<number>, found: Collector): void {
  const {port = {}, bind = '', defaultEndpoint = '', tls, connectionPool} = listener;
  const {number = 0, name = '', protocol = '', targetPort = 0} = port;
  if (targetPort > 0) found.error('targetPort has no impact on Sidecars');
  if (name !== '') validatePortName(name, found);
  validateProtocol(protocol, found);
  validatePortNumber(number, found);
  if (bind !== '') validateIp(bind, found);
  if (ports.has(number)) found.error('sidecar: ports on IP bound listeners must be unique');
  ports.add(number);
  if (defaultEndpoint !== '') validateDefaultEndpoint(defaultEndpoint, found);
  if (tls) {
    validateIngressTls(tls, found);
    if (!isTls(protocol)) found.error('server cannot have TLS settings for non HTTPS/TLS ports');
    validateServerTls(tls, found);
  }
  validateConnectionPool(connectionPool, found);
  if (connectionPool?.http && !isHttp(protocol)) {
    found.warn(
      `sidecar: HTTP connection pool settings are configured for port ${number} (${quoted(name)}) but its protocol is not HTTP (${protocol}); only TCP settings will apply`,
    );
  }
}

/** What a gateway's TLS settings may have and a sidecar's not. */
function validateIngressTls(tls: ServerTls, found: Collector): void {
  const {mode = 'PASSTHROUGH'} = tls;
  if (tls.subjectAltNames?.length) found.error('sidecar: subjectAltNames is not supported in ingress tls');
  if (tls.httpsRedirect) found.error('sidecar: httpsRedirect is not supported');
  if (tls.credentialName) found.error('sidecar: credentialName is not currently supported');
  if (tls.credentialNames?.length) found.error('sidecar: credentialNames is not currently supported');
  if (tls.tlsCertificates?.length) found.error('sidecar: tls_certificates is not currently supported');
  if (mode === 'ISTIO_MUTUAL' || mode === 'AUTO_PASSTHROUGH') {
    found.error(`configuration is invalid: cannot set mode to ${mode} in sidecar ingress tls`);
  }
}

function validateOutbound(policy: SidecarSpec['outboundTrafficPolicy'], found: Collector): void {
  const proxy = policy?.egressProxy;
  if (!proxy) return;
  if (policy.mode !== 'ALLOW_ANY') {
    return found.error('sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy mode');
  }
  report(fqdnFault(proxy.host), found);
  if (proxy.port) validateDestination(proxy, found);
  else found.error('sidecar: egress_proxy port must be non-nil');
}

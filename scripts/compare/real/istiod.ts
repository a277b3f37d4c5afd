import path from 'node:path';
import type {IstioObject} from '../../../runner/istio/types.ts';
import {accessLogFormat} from './access-logs.ts';
import {rootNamespace} from './plumbing.ts';

/** Ports of 127.0.0.1 for one istiod. */
export interface IstiodPorts {
  grpc: number;
  http: number;
  monitoring: number;
}

/** istiod's arguments and environment: plain text, no certificates, and pushed as soon as something changed. */
export function istiodCommand(
  ports: IstiodPorts,
  kubeconfig: string,
): {args: string[]; env: Record<string, string>} {
  const nowhere = path.join(path.dirname(kubeconfig), 'none');
  return {
    args: [
      'discovery',
      ...['--kubeconfig', kubeconfig],
      ...['--meshConfig', nowhere, '--networksConfig', nowhere],
      ...['--grpcAddr', `127.0.0.1:${ports.grpc}`, '--secureGRPCAddr', '', '--httpsAddr', ''],
      ...['--httpAddr', `127.0.0.1:${ports.http}`],
      ...['--monitoringAddr', `127.0.0.1:${ports.monitoring}`, '--ctrlz_port', '0'],
    ],
    env: {
      POD_NAMESPACE: rootNamespace,
      ENABLE_CA_SERVER: 'false',
      PILOT_CERT_PROVIDER: 'none',
      PILOT_ENABLE_METADATA_EXCHANGE: 'false',
      PILOT_ENABLE_ALPN_FILTER: 'false',
      PILOT_DEBOUNCE_AFTER: '30ms',
      PILOT_DEBOUNCE_MAX: '300ms',
      PILOT_PUSH_THROTTLE: '100',
      GOGC: '200',
    },
  };
}

/** The ConfigMap that istiod reads its mesh configuration from. */
export function meshConfigMap(outboundTrafficPolicy: string, grpcPort: number): IstioObject {
  const mesh = {
    rootNamespace,
    trustDomain: 'cluster.local',
    enableAutoMtls: false,
    accessLogFile: 'access.log',
    accessLogEncoding: 'JSON',
    accessLogFormat: JSON.stringify(accessLogFormat),
    outboundTrafficPolicy: {mode: outboundTrafficPolicy},
    defaultConfig: {discoveryAddress: `127.0.0.1:${grpcPort}`, concurrency: 1},
  };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name: 'istio', namespace: rootNamespace},
    data: {mesh: JSON.stringify(mesh)},
  };
}

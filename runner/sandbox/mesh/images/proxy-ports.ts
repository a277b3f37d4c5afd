import {request as httpRequest} from 'node:http';
import type {Pod} from '../../objects.ts';
import type {PodAttachment} from '../network.ts';
import type {ControlPlane} from '../pilot/control-plane.ts';
import {adminAnswer} from '../proxy/admin.ts';
import type {MeshProxyServer} from '../proxy/mesh-proxy.ts';
import {type HttpAnswer, type HttpListeners, pathOf, queryOf} from './http-listeners.ts';

export interface ProxyPortsOptions {
  listeners: HttpListeners;
  proxy: MeshProxyServer;
  pod: Pod;
  env: Record<string, string>;
  version: string;
  attachment: PodAttachment;
  controlPlane: ControlPlane;
}

/** The agent's ports: 15000 admin (loopback), 15020 merged metrics, 15021 readiness, 15090 Envoy's metrics. */
export async function serveProxyPorts(options: ProxyPortsOptions): Promise<void> {
  const {listeners, proxy, attachment, env, version, pod} = options;
  const ready = (): HttpAnswer =>
    proxy.revision === undefined
      ? {status: 503, body: 'Envoy is not ready: no configuration was received from istiod yet'}
      : {body: ''};
  const metrics = () => proxy.runtime.metrics.text();
  const prometheus = 'text/plain; version=0.0.4';

  await listeners.serve(
    15000,
    request => adminAnswer({proxy, path: pathOf(request), query: queryOf(request), version, pod}),
    {loopbackOnly: true},
  );
  await listeners.serve(15021, request =>
    pathOf(request) === '/healthz/ready' ? ready() : {status: 404, body: ''},
  );
  await listeners.serve(15090, request =>
    pathOf(request) === '/stats/prometheus' ? {body: metrics(), type: prometheus} : {status: 404, body: ''},
  );
  await listeners.serve(15020, async request => {
    const path = pathOf(request);
    if (path === '/healthz/ready') return ready();
    if (path === '/stats/prometheus') {
      return {body: metrics() + (await appMetrics(env, attachment)), type: prometheus};
    }
    const probe = path.startsWith('/app-health/') ? appProbers(env)[path] : undefined;
    if (probe) return runAppProbe(probe, attachment);
    return {status: 404, body: '404 page not found\n'};
  });
}

interface AppProbe {
  httpGet?: {path?: string; port: number; httpHeaders?: {name: string; value: string}[]};
  tcpSocket?: {port: number};
}

function appProbers(env: Record<string, string>): Record<string, AppProbe> {
  try {
    return JSON.parse(env['ISTIO_KUBE_APP_PROBERS'] || '{}');
  } catch {
    return {};
  }
}

async function runAppProbe(probe: AppProbe, attachment: PodAttachment): Promise<HttpAnswer> {
  try {
    if (probe.tcpSocket) {
      const connection = await attachment.dialLocal(probe.tcpSocket.port);
      connection.destroy();
      return {body: ''};
    }
    if (!probe.httpGet) return {status: 404, body: ''};
    const {path = '/', port, httpHeaders = []} = probe.httpGet;
    const headers = Object.fromEntries(httpHeaders.map(({name, value}) => [name, value]));
    const {status} = await localGet(attachment, port, path, headers);
    return {status, body: ''};
  } catch {
    return {status: 500, body: ''};
  }
}

/** What the application itself offers, by its `prometheus.io` annotations (metrics merging). */
async function appMetrics(env: Record<string, string>, attachment: PodAttachment): Promise<string> {
  try {
    const {scrape, port, path} = JSON.parse(env['ISTIO_PROMETHEUS_ANNOTATIONS'] || '{}');
    if (scrape !== 'true' || !port) return '';
    const {status, body} = await localGet(attachment, Number(port), path || '/metrics', {});
    return status === 200 ? body : '';
  } catch {
    return '';
  }
}

async function localGet(
  attachment: PodAttachment,
  port: number,
  path: string,
  headers: Record<string, string>,
): Promise<{status: number; body: string}> {
  const connection = await attachment.dialLocal(port);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        createConnection: () => connection,
        path,
        headers: {host: `localhost:${port}`, ...headers, connection: 'close'},
      },
      incoming => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString()}),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

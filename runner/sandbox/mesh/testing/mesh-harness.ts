import {mkdtempSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {createServer, type IncomingHttpHeaders, request} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Duplex} from 'node:stream';
import {buildSnapshot} from '../../../istio/build-snapshot.ts';
import type {MeshConfig} from '../../../istio/snapshot.ts';
import type {IstioObject} from '../../../istio/types.ts';
import {type Clock, seededRandom, systemClock} from '../../clock.ts';
import type {Pod, Service} from '../../objects.ts';
import {createClusterNetwork} from '../cluster-network.ts';
import type {PodAttachment} from '../network.ts';
import {createMeshProxy, type MeshProxyServer} from '../proxy/mesh-proxy.ts';
import {createMemoryClient} from './memory-client.ts';

/** A request as an application received it. */
export interface Received {
  pod: string;
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export type App = (
  received: Received,
) => Promise<{status?: number; body?: string; headers?: Record<string, string>}>;

export interface PodOptions {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  serviceAccount?: string;
  sidecar?: boolean;
  gateway?: boolean;
  /** Absent: nothing listens in the pod. */
  app?: App;
  port?: number;
}

/** A small mesh over real sockets, without an API server: pods, services, Istio's objects. */
export async function createMeshHarness(options: {clock?: Clock; seed?: number} = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'iw-'));
  const client = createMemoryClient();
  const clock = options.clock ?? systemClock;
  const random = seededRandom(options.seed ?? 1);
  const network = createClusterNetwork({directory, client, clock, random});
  const attachments = new Map<string, PodAttachment>();
  const proxies = new Map<string, MeshProxyServer>();
  const logs = new Map<string, string[]>();
  const received: Received[] = [];
  let config: IstioObject[] = [];
  let meshConfig: Partial<MeshConfig> = {};
  let addresses = 0;
  let age = 0;

  async function push(): Promise<void> {
    const snapshot = buildSnapshot({
      services: client.list('services'),
      pods: client.list('pods'),
      config,
      meshConfig,
    });
    for (const proxy of proxies.values()) await proxy.update(snapshot, String(age));
  }

  return {
    network,
    client,
    received,
    logs: (pod: string) => logs.get(pod) ?? [],
    proxy: (pod: string) => proxies.get(pod),
    attachment: (pod: string) => attachments.get(pod),

    async pod(pod: PodOptions): Promise<void> {
      addresses += 1;
      const ip = `10.244.0.${addresses}`;
      const namespace = pod.namespace ?? 'bookinfo';
      const sidecar = pod.sidecar ?? !pod.gateway;
      const labels = {...pod.labels, ...(sidecar ? {'security.istio.io/tlsMode': 'istio'} : {})};
      const serviceAccount = pod.serviceAccount ?? 'default';
      const attachment = await network.attach({ip, namespace, name: pod.name, uid: pod.name});
      attachments.set(pod.name, attachment);
      const {app} = pod;
      if (app) {
        const server = createServer((incoming, response) => {
          const chunks: Buffer[] = [];
          incoming.on('data', chunk => chunks.push(chunk));
          incoming.on('end', async () => {
            const seen: Received = {
              pod: pod.name,
              method: incoming.method ?? '',
              url: incoming.url ?? '',
              headers: incoming.headers,
              body: Buffer.concat(chunks).toString(),
            };
            received.push(seen);
            const {status = 200, body = pod.name, headers = {}} = await app(seen);
            response.writeHead(status, headers);
            response.end(body);
          });
        });
        await attachment.network.listen(pod.port ?? 9080, connection =>
          server.emit('connection', connection),
        );
      }
      client.create<Pod>('pods', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {name: pod.name, namespace, labels},
        spec: {containers: [], serviceAccountName: serviceAccount},
        status: {phase: 'Running', podIP: ip, conditions: [{type: 'Ready', status: 'True'}]},
      });
      if (sidecar || pod.gateway) {
        const lines: string[] = [];
        logs.set(pod.name, lines);
        const proxy = createMeshProxy({
          kind: pod.gateway ? 'gateway' : 'sidecar',
          attachment,
          identity: {name: pod.name, namespace, ip, labels, serviceAccount},
          clock,
          random,
          log: line => void lines.push(line),
        });
        proxies.set(pod.name, proxy);
      }
      await push();
    },

    async service(
      name: string,
      ports: {port: number; name?: string; targetPort?: number}[],
      selector: Record<string, string> = {app: name},
      namespace = 'bookinfo',
    ): Promise<void> {
      addresses += 1;
      client.create<Service>('services', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {name, namespace},
        spec: {clusterIP: `10.96.0.${addresses}`, selector, ports},
      });
      await push();
    },

    /** Replaces Istio's configuration; objects are made a second apart, in the order given. */
    async apply(objects: IstioObject[], nextMeshConfig: Partial<MeshConfig> = {}): Promise<void> {
      age += 1;
      config = objects.map((object, index) => ({
        ...object,
        metadata: {
          namespace: 'bookinfo',
          creationTimestamp: new Date(1_700_000_000_000 + index * 1000).toISOString(),
          ...object.metadata,
        },
      }));
      meshConfig = nextMeshConfig;
      await push();
    },

    async removePod(name: string): Promise<void> {
      client.delete('pods', name, {namespace: 'bookinfo'});
      await proxies.get(name)?.stop();
      proxies.delete(name);
      await attachments.get(name)?.detach();
      await push();
    },

    /** Sends a request from a pod's application. */
    async fetch(
      from: string,
      url: string,
      init: {method?: string; headers?: Record<string, string>; body?: string} = {},
    ): Promise<Answer> {
      const {hostname, port, host, pathname, search} = new URL(url);
      const attachment = attachments.get(from);
      if (!attachment) throw new Error(`no pod ${from}`);
      const connection: Duplex = await attachment.network.dial(hostname, Number(port || 80));
      return new Promise((resolve, reject) => {
        const outgoing = request(
          {
            createConnection: () => connection as any,
            method: init.method ?? 'GET',
            path: pathname + search,
            headers: {host, connection: 'close', ...init.headers},
          },
          incoming => {
            const chunks: Buffer[] = [];
            incoming.on('data', chunk => chunks.push(chunk));
            incoming.on('error', reject);
            incoming.on('end', () =>
              resolve({
                status: incoming.statusCode ?? 0,
                headers: incoming.headers,
                body: Buffer.concat(chunks).toString(),
              }),
            );
          },
        );
        outgoing.on('error', reject);
        outgoing.end(init.body);
      });
    },

    async close(): Promise<void> {
      for (const proxy of proxies.values()) await proxy.stop();
      await network.close();
      await rm(directory, {recursive: true, force: true});
    },
  };
}

export type MeshHarness = Awaited<ReturnType<typeof createMeshHarness>>;

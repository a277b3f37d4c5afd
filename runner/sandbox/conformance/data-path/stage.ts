import path from 'node:path';
import {stillRuns} from '../../../../verify/process-identity.ts';
import type {SandboxHandshake} from '../../lifecycle/control.ts';
import {type RawClient, rawClient} from '../fuzz/raw-client.ts';
import {openSockets, readiness, readyWithin} from '../process-figures.ts';
import {openWorkbench, readFaults, type Workbench} from '../sandbox-process.ts';
import {type Forwards, openForwards, type Place} from './forwards.ts';
import type {Conversation, Traffic, Way} from './traffic.ts';

export interface Figures {
  connections: number;
  answers: Record<string, number>;
  /** The longest that `/readyz` took beside traffic, in milliseconds. */
  slowestReady: number;
  mostSockets: number;
}

/** A sandbox with a gateway and a service behind a sidecar, and what has to be true of it beside any traffic. */
export interface Stage {
  figures: Figures;
  /** @returns what is wrong, in words, or nothing. */
  play(traffic: Traffic): Promise<string | undefined>;
  /** Waits until the sandbox holds no more connections than before all traffic. @returns how many are left. */
  drained(): Promise<string | undefined>;
  close(): Promise<void>;
}

const istio = 'networking.istio.io/v1';
const labels = {app: 'details'};
const image = 'docker.io/istio/examples-bookinfo-details-v1:1.20.3';
const objects: [string, object][] = [
  ['/api/v1/namespaces', {metadata: {name: 'traffic', labels: {'istio-injection': 'enabled'}}}],
  [
    '/api/v1/namespaces/traffic/pods',
    {metadata: {name: 'details', labels}, spec: {containers: [{name: 'details', image}]}},
  ],
  [
    '/api/v1/namespaces/traffic/services',
    {metadata: {name: 'details'}, spec: {selector: labels, ports: [{name: 'http', port: 9080}]}},
  ],
  [
    `/apis/${istio}/namespaces/traffic/gateways`,
    {
      metadata: {name: 'entry'},
      spec: {
        selector: {istio: 'ingressgateway'},
        servers: [{port: {number: 80, name: 'http', protocol: 'HTTP'}, hosts: ['*']}],
      },
    },
  ],
  [
    `/apis/${istio}/namespaces/traffic/virtualservices`,
    {
      metadata: {name: 'details'},
      spec: {
        hosts: ['*'],
        gateways: ['entry'],
        http: [{route: [{destination: {host: 'details', port: {number: 9080}}}]}],
      },
    },
  ],
];

const sound: Conversation = {
  through: 'gateway',
  bytes: Buffer.from('GET /details/0 HTTP/1.1\r\nHost: details\r\nConnection: close\r\n\r\n'),
  cuts: [],
  end: 'wait',
  sound: true,
};
/** As many as the model opens at once. */
const manyAtOnce = 24;
/** Never whole: it is answered before its end, which costs a proxy the connection that it came by. */
const unfinished: Conversation = {
  ...sound,
  bytes: Buffer.from(
    'GET /details/0 HTTP/1.1\r\nHost: details\r\nConnection: close\r\nContent-Length: 9\r\n\r\nb',
  ),
};
/** Two ends of one connection that a proxy opens meanwhile. */
const spare = 2;
/** So many looks in a row that find the same number of connections show that nothing is on its way any more. */
const looksAtRest = 50;
const patience = 30_000;
/** What is over closes at once; what nobody closes would be closed as idle by whoever serves it, in half a minute. */
const drainPatience = 5000;

export async function openStage(): Promise<Stage> {
  const bench = await openWorkbench();
  try {
    const sandbox = await bench.start('traffic');
    await bench.installIstio(sandbox);
    const client = rawClient(sandbox.kubeconfigPath);
    for (const [collection, object] of objects) {
      const headers = {'content-type': 'application/json'};
      const {status, text} = await client.send('POST', collection, {body: JSON.stringify(object), headers});
      if (status !== 201) throw new Error(`${collection}: ${text}`);
    }
    const {items} = JSON.parse((await client.send('GET', '/api/v1/namespaces/istio-ingress/pods')).text);
    const gateway = {namespace: 'istio-ingress', pod: items[0].metadata.name, port: 80};
    return await new SandboxStage({bench, sandbox, client, gateway}).warmed();
  } catch (error) {
    await bench.close();
    throw error;
  }
}

class SandboxStage implements Stage {
  readonly figures: Figures = {connections: 0, answers: {}, slowestReady: 0, mostSockets: 0};
  readonly #bench: Workbench;
  readonly #sandbox: SandboxHandshake;
  readonly #client: RawClient;
  readonly #forwards: Forwards;
  readonly #places: Record<Way, Place>;
  #usual = 0;

  constructor(options: {bench: Workbench; sandbox: SandboxHandshake; client: RawClient; gateway: Place}) {
    this.#bench = options.bench;
    this.#sandbox = options.sandbox;
    this.#client = options.client;
    this.#forwards = openForwards(options.sandbox.kubeconfigPath);
    const application = {namespace: 'traffic', pod: 'details', port: 9080};
    this.#places = {
      gateway: options.gateway,
      application,
      sidecar: {...application, port: 15_000},
      channels: application,
      spdy: application,
    };
  }

  /** Comes up, opens what is kept, and sees how many connections that are. */
  async warmed(): Promise<this> {
    const startedAt = performance.now();
    for (;;) {
      const problem = await this.#held(sound);
      if (!problem) break;
      if (performance.now() - startedAt > patience)
        throw new Error(`The service does not answer: ${problem}`);
    }
    await this.#emptyPools();
    this.#usual = await this.#atRest();
    return this;
  }

  /** Uses up what proxies keep for later requests, which is as many as there ever were at once: what is left has leaked. */
  async #emptyPools(): Promise<void> {
    const problems = await Promise.all(Array.from({length: manyAtOnce + 1}, () => this.#held(unfinished)));
    const problem = problems.find(Boolean);
    if (problem) throw new Error(problem);
  }

  /** How many connections are open once that number does not change any more: what is kept for good. */
  async #atRest(): Promise<number> {
    let found = this.#sockets();
    for (let same = 0; same < looksAtRest; same += 1) {
      await this.#client.send('GET', '/readyz');
      const now = this.#sockets();
      if (now !== found) same = 0;
      found = now;
    }
    return found;
  }

  async play(traffic: Traffic): Promise<string | undefined> {
    const [ready, ...problems] = await Promise.all([
      this.#ready(),
      ...traffic.map(conversation => this.#held(conversation)),
    ]);
    this.figures.connections += traffic.length;
    this.figures.mostSockets = Math.max(this.figures.mostSockets, this.#sockets());
    if (!stillRuns(this.#sandbox.process)) return 'the sandbox has ended';
    const after = await this.#held(sound);
    const faults = readFaults(path.join(this.#bench.folder, 'traffic'));
    return ready ?? problems.find(Boolean) ?? (after && `afterwards, ${after}`) ?? (faults || undefined);
  }

  async drained(): Promise<string | undefined> {
    await this.#emptyPools();
    const startedAt = performance.now();
    for (let looks = 0; this.#sockets() > this.#usual + spare; looks += 1) {
      if (looks > looksAtRest && performance.now() - startedAt > drainPatience)
        return `${this.#sockets()} connections are left, where ${this.#usual} are usual`;
      await this.#client.send('GET', '/readyz');
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#client.close();
    await this.#bench.close();
  }

  async #held(conversation: Conversation): Promise<string | undefined> {
    const {through} = conversation;
    try {
      const text = await this.#forwards.hold(this.#places[through], conversation);
      return through === 'channels' || through === 'spdy' ? undefined : this.#judged(conversation, text);
    } catch (error) {
      return `through ${through}: ${error instanceof Error ? error.message : error}`;
    }
  }

  #judged({through, sound}: Conversation, text: string): string | undefined {
    const shown = text.slice(0, 300);
    const [, status = ''] = /^HTTP\/1\.[01] ([1-5]\d\d) /.exec(text) ?? [];
    this.figures.answers[status] = (this.figures.answers[status] ?? 0) + 1;
    if (sound && status !== '200')
      return `a sound request through ${through} is answered ${shown || 'not at all'}`;
    if (text !== '' && status === '') return `through ${through} came no HTTP: ${shown}`;
    return status === '500' ? `through ${through} came ${shown}` : undefined;
  }

  async #ready(): Promise<string | undefined> {
    const {status, milliseconds, worked} = await readiness(this.#client, this.#sandbox.pid);
    this.figures.slowestReady = Math.max(this.figures.slowestReady, Math.round(worked) || 0);
    if (status !== 200) return `/readyz says ${status}`;
    return worked > readyWithin
      ? `/readyz took ${Math.round(milliseconds)} ms, at work for ${Math.round(worked)} ms of it`
      : undefined;
  }

  #sockets(): number {
    return openSockets(this.#sandbox.pid);
  }
}

import type {ClientRequest, IncomingMessage} from 'node:http';
import {Agent, request} from 'node:https';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {SandboxHandshake} from '../lifecycle/control.ts';
import {connectionOf, type RawClient, rawClient} from './fuzz/raw-client.ts';
import {memoryMegabytes} from './process-figures.ts';
import {openWorkbench, readFaults, type Workbench} from './sandbox-process.ts';

/** `npm run soak` asks for the long form of each. */
const isLong = process.env['ISTIO_WORKSHOP_SCALE'] === 'long';
const seconds = (short: number, long: number) => (isLong ? long : short) * 1000;
const mostMegabytes = 400;
const asJson = {'content-type': 'application/json'};
const asMergePatch = {'content-type': 'application/merge-patch+json'};
const image = 'docker.io/curlimages/curl:8.16.0';

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench();
});

afterAll(() => bench?.close());

/** A sandbox of that name with what the test needs to ask, watched from now on. */
async function opened(name: string) {
  const sandbox: SandboxHandshake = await bench.start(name);
  const client = rawClient(sandbox.kubeconfigPath);
  const ended = bench.observe(sandbox);
  const post = async (path: string, object: object) => {
    const {status, text} = await client.send('POST', path, {body: JSON.stringify(object), headers: asJson});
    if (status !== 201) throw new Error(`${path}: ${text}`);
  };
  return {
    sandbox,
    client,
    post,
    /** Ends the watch over it and judges what was seen. */
    async judged(counts: object): Promise<void> {
      const observed = await ended();
      console.log(JSON.stringify({...counts, ...observed}));
      expect(observed.late).toEqual([]);
      expect(observed.samples).toBeGreaterThan(10);
      expect(observed.peakMegabytes).toBeLessThan(mostMegabytes);
      expect(readFaults(`${bench.folder}/${name}`)).toBe('');
      client.close();
      await bench.kill(sandbox);
    },
  };
}

async function json(client: RawClient, path: string): Promise<any> {
  const {status, text} = await client.send('GET', path);
  return status === 200 ? JSON.parse(text) : undefined;
}

/** Asks until it is so. @returns how long that took, in seconds. @throws Error with what it was last. */
async function until(what: string, patience: number, isSo: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    if (await isSo()) return Math.round((performance.now() - startedAt) / 100) / 10;
    if (performance.now() - startedAt > patience) throw new Error(`not within ${patience / 1000} s: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

describe('as many as anybody asks for', () => {
  it('replicas come and go while everything else is answered', {timeout: seconds(120, 2400)}, async () => {
    const {client, post, judged} = await opened('replicas');
    const labels = {app: 'big'};
    const template = {
      metadata: {labels},
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{name: 'c', image, command: ['sleep', '999999']}],
      },
    };
    const deployment = '/apis/apps/v1/namespaces/default/deployments/big';
    await post('/api/v1/namespaces/default/services', {
      metadata: {name: 'big'},
      spec: {selector: labels, ports: [{port: 80}]},
    });
    await post('/apis/policy/v1/namespaces/default/poddisruptionbudgets', {
      metadata: {name: 'big'},
      spec: {selector: {matchLabels: labels}, minAvailable: 1},
    });
    await post('/apis/apps/v1/namespaces/default/deployments', {
      metadata: {name: 'big'},
      spec: {replicas: 1, selector: {matchLabels: labels}, template},
    });

    const counts: Record<string, number> = {};
    const scale = (replicas: number) =>
      client.send('PATCH', deployment, {body: JSON.stringify({spec: {replicas}}), headers: asMergePatch});
    /** A full store stops a billion at some ten thousand pods. */
    const grown = async (least: number) => ((await json(client, deployment)).status.replicas ?? 0) >= least;
    const shrunk = async () => {
      const {metadata, status} = await json(client, deployment);
      return status.replicas === 1 && status.observedGeneration === metadata.generation;
    };
    const sizes: [replicas: number, least: number][] = isLong
      ? [
          [1000, 1000],
          [20_000, 9000],
          [1_000_000_000, 9000],
        ]
      : [
          [300, 300],
          [1_000_000_000, 1200],
        ];
    for (const [replicas, least] of sizes) {
      expect((await scale(replicas)).status).toBe(200);
      counts[`up to ${replicas}`] = await until(`${least} pods`, seconds(60, 600), () => grown(least));
      if (isLong && replicas > 1000) {
        // What is asked for beside them, too: all of them as they are, as a table, page by page, and as they come.
        const pods = '/api/v1/namespaces/default/pods';
        const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
        expect((await client.send('GET', pods)).status).toBe(200);
        expect((await client.send('GET', pods, {headers: {accept: asTable}})).status).toBe(200);
        expect((await client.send('GET', `${pods}?limit=500&labelSelector=app%3Dbig`)).status).toBe(200);
        const replay = await client.send('GET', `${pods}?watch=true&resourceVersion=0&timeoutSeconds=30`);
        expect(replay.text.split('\n').length).toBeGreaterThan(least);
        // Left alone for a while, it stays as large as it is.
        await new Promise(resolve => setTimeout(resolve, replicas > 1e6 ? 600_000 : 5000));
      }
      expect((await scale(1)).status).toBe(200);
      counts[`down from ${replicas}`] = await until('one pod', seconds(60, 120), shrunk);
    }
    await judged(counts);
  });

  it('watchers that do not read cost neither the others nor the memory', {
    timeout: seconds(60, 300),
  }, async () => {
    const {sandbox, post, judged} = await opened('watchers');
    const [watchers, writes, size] = isLong ? [120, 49, 800_000] : [40, 15, 800_000];
    const deaf = await Promise.all(Array.from({length: watchers}, () => watchOf(sandbox, goDeaf)));
    for (let write = 0; write < writes; write += 1) {
      await post('/api/v1/namespaces/default/configmaps', {
        metadata: {name: `large-${write}`},
        data: {value: 'x'.repeat(size)},
      });
    }
    // One that reads gets everything all the same.
    await watchOf(sandbox, incoming => readUntil(incoming, `"name":"large-${writes - 1}"`));
    for (const watch of deaf) watch.destroy();
    await judged({watchers, writes, megabytes: memoryMegabytes(sandbox.pid)});
  });

  it('a namespace goes with everything in it', {timeout: seconds(120, 600)}, async () => {
    const {client, post, judged} = await opened('namespaces');
    const objects = isLong ? 5000 : 600;
    const counts: Record<string, number> = {objects};
    await post('/api/v1/namespaces', {metadata: {name: 'full'}});
    const inside = '/api/v1/namespaces/full';
    for (const made of chunks(objects, 50)) {
      await Promise.all(
        made.map(number =>
          number % 10 === 0
            ? post(`${inside}/pods`, {
                metadata: {name: `p-${number}`, labels: {app: 'p'}},
                spec: {terminationGracePeriodSeconds: 1, containers: [{name: 'c', image}]},
              })
            : post(`${inside}/configmaps`, {
                metadata: {name: `c-${number}`, labels: {part: String(number % 3)}},
              }),
        ),
      );
    }
    const collection = await client.send('DELETE', `${inside}/configmaps?labelSelector=part%3D1`);
    expect(collection.status).toBe(200);
    expect((await client.send('DELETE', inside)).status).toBe(200);
    const gone = async () => (await client.send('GET', inside)).status === 404;
    counts['gone after'] = await until('the namespace is gone', seconds(60, 120), gone);
    await judged(counts);
  });
});

/** Opens a watch of all ConfigMaps over a connection of its own. @returns it, once `begun` has done with its answer. */
function watchOf(
  sandbox: SandboxHandshake,
  begun: (incoming: IncomingMessage) => void | Promise<void>,
): Promise<ClientRequest> {
  const {hostname, port, ...certificates} = connectionOf(sandbox.kubeconfigPath);
  const path = '/api/v1/configmaps?watch=true';
  const agent = new Agent({keepAlive: false, ...certificates});
  return new Promise((resolve, reject) => {
    const outgoing = request({agent, hostname, port, path}, incoming => {
      incoming.on('error', () => {});
      Promise.resolve(begun(incoming)).then(() => resolve(outgoing), reject);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Takes nothing more off the socket. */
function goDeaf(incoming: IncomingMessage): void {
  incoming.pause();
  incoming.socket.pause();
}

async function readUntil(incoming: IncomingMessage, text: string): Promise<void> {
  let end = '';
  for await (const chunk of incoming.setEncoding('latin1')) {
    end = `${end.slice(-text.length)}${chunk}`;
    if (end.includes(text)) return;
  }
  throw new Error(`the watch ended before ${text}`);
}

function* chunks(count: number, size: number): Generator<number[]> {
  for (let start = 0; start < count; start += size) {
    yield Array.from({length: Math.min(size, count - start)}, (_, index) => start + index);
  }
}

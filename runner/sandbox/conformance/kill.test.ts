import {readFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import type {KubernetesObject} from '@kubernetes/client-node';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parseAllDocuments} from 'yaml';
import {seededRandom} from '../clock.ts';
import type {SandboxHandshake} from '../lifecycle/control.ts';
import {type Acknowledged, kubeClients, lostWrites, podIdentities, writeUntilKilled} from './kube-clients.ts';
import {openWorkbench, readFaults, type Workbench} from './sandbox-process.ts';

/** `npm run soak` asks for more rounds and other seeds. */
const rounds = Number(process.env['ISTIO_WORKSHOP_KILL_ROUNDS'] ?? 5);
const seed = Number(process.env['ISTIO_WORKSHOP_SEED'] ?? 1);
const manifests = path.resolve(import.meta.dirname, '../../../labs');
let bench: Workbench;
let sandbox: SandboxHandshake;

beforeAll(async () => {
  bench = await openWorkbench();
  sandbox = await bench.start('killed');
  await bench.installIstio(sandbox);
  const {core, objects} = kubeClients(sandbox.kubeconfigPath);
  const labels = {'istio-injection': 'enabled'};
  await core.createNamespace({body: {metadata: {name: 'bookinfo', labels}}});
  await core.createNamespace({body: {metadata: {name: 'load'}}});
  for (const file of [
    '03-deploy-bookinfo/manifests/bookinfo.yaml',
    '04-route-to-v1/manifests/destination-rule-all.yaml',
    '04-route-to-v1/manifests/virtual-service-all-v1.yaml',
  ]) {
    for (const document of parseAllDocuments(readFileSync(path.join(manifests, file), 'utf8'))) {
      const object = document.toJSON() as KubernetesObject | null;
      if (object) await objects.create({...object, metadata: {...object.metadata, namespace: 'bookinfo'}});
    }
  }
  await ready('bookinfo');
});

afterAll(async () => {
  const faults = bench && readFaults(path.join(bench.folder, 'killed'));
  await bench?.close();
  expect(faults ?? '').toBe('');
});

/** Asks again until every Deployment of the namespace has the replicas it wants. */
async function ready(namespace: string): Promise<void> {
  const {apps} = kubeClients(sandbox.kubeconfigPath);
  for (;;) {
    const {items} = await apps.listNamespacedDeployment({namespace});
    const waiting = items.filter(
      ({spec, status, metadata}) =>
        status?.observedGeneration !== metadata?.generation ||
        (status?.readyReplicas ?? 0) !== spec?.replicas ||
        (status?.replicas ?? 0) !== spec?.replicas,
    );
    if (waiting.length === 0) return;
  }
}

async function pageFromInside(): Promise<string> {
  const {core, exec} = kubeClients(sandbox.kubeconfigPath);
  const {items} = await core.listNamespacedPod({namespace: 'bookinfo', labelSelector: 'app=ratings'});
  const url = 'http://productpage:9080/productpage';
  return exec(items[0]?.metadata?.name ?? '', 'bookinfo', 'ratings', ['curl', '-s', url]);
}

describe(`kill -9 of the sandbox under load, ${rounds} times (seed ${seed})`, () => {
  it('loses nothing that a client was told, and Bookinfo serves again', {
    timeout: 15_000 + rounds * 6000,
  }, async () => {
    const random = seededRandom(seed);
    const acknowledged: Acknowledged = new Map();
    const open = new Set<string>();
    const before = await podIdentities(kubeClients(sandbox.kubeconfigPath).core, 'bookinfo');
    expect(before).toHaveLength(6);
    const {apps} = kubeClients(sandbox.kubeconfigPath);
    const labels = {app: 'moving'};
    const image = 'docker.io/istio/examples-bookinfo-details-v1:1.20.3';
    await apps.createNamespacedDeployment({
      namespace: 'load',
      body: {
        metadata: {name: 'moving'},
        spec: {
          selector: {matchLabels: labels},
          template: {
            metadata: {labels},
            spec: {containers: [{name: 'c', image}], terminationGracePeriodSeconds: 1},
          },
        },
      },
    });

    for (let round = 0; round < rounds; round++) {
      const {core, objects} = kubeClients(sandbox.kubeconfigPath);
      const writers = [0, 1, 2].map(index =>
        writeUntilKilled({
          core,
          namespace: 'load',
          random,
          prefix: `r${round}-w${index}`,
          acknowledged,
          open,
        }),
      );
      const moving = objects
        .patch({
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: {name: 'moving', namespace: 'load'},
          spec: {replicas: Math.floor(random() * 4)},
        } as KubernetesObject)
        .catch(() => {});
      // When the blow falls is what is random here; nothing is waited for.
      await pause(50 + random() * 400);
      await bench.kill(sandbox);
      await Promise.all([...writers, moving]);

      const address = sandbox.url;
      sandbox = await bench.start('killed');
      expect(sandbox.url).toBe(address);
      const again = kubeClients(sandbox.kubeconfigPath);
      expect(await lostWrites({core: again.core, namespace: 'load', acknowledged, open})).toEqual([]);
      expect(await podIdentities(again.core, 'bookinfo')).toEqual(before);
      expect(await pageFromInside()).toContain('reviews-v1-');
      await ready('load');
    }
    expect([...acknowledged.values()].length).toBeGreaterThan(rounds * 3);
  });
});

import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {openKubeText} from '../engines/kube/kube.ts';
import {systemProcesses} from '../processes.ts';
import {createConditions} from './conditions.ts';

it('keeps a check no longer than somebody wants it', async () => {
  // It takes every request, and answers none.
  const cluster = createServer(() => {});
  cluster.listen(0, '127.0.0.1');
  await once(cluster, 'listening');
  onTestFinished(() => {
    cluster.closeAllConnections();
    cluster.close();
  });
  const {port} = cluster.address() as AddressInfo;
  const kubeconfig = {
    clusters: [{name: 'c', cluster: {server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true}}],
    contexts: [{name: 'c', context: {cluster: 'c', user: 'u'}}],
    users: [{name: 'u', user: {}}],
    'current-context': 'c',
  };
  const conditions = createConditions({
    openKube: () => openKubeText(JSON.stringify(kubeconfig)),
    capabilities: {simulated: true, propagation: 0, startUp: 0, rollout: 0, ownsCluster: true},
    browsers: {lend: () => Promise.reject(new Error('no browser')), warmUp() {}, close: async () => {}},
    processes: systemProcesses,
    directory: '/',
    environment: async () => ({}),
    loads: 1,
  });
  onTestFinished(() => conditions.close());
  const wanted = new AbortController();
  const place = {file: 'lab.md', line: 1};
  const asked = once(cluster, 'request');
  const check = conditions.check(
    {kind: 'resource', resource: 'pods', name: 'x', fields: [], place},
    {signal: wanted.signal, onProgress() {}},
  );
  await asked;
  const interruptedAt = performance.now();
  wanted.abort();
  expect(await check).toMatchObject({verdict: 'unknown', seen: 'It was interrupted.'});
  // A request that nobody ends waits for 15 s.
  expect(performance.now() - interruptedAt).toBeLessThan(10_000);
});

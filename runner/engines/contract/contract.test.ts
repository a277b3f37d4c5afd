import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {build} from 'esbuild';
import {systemProcesses} from '../../processes.ts';
import {createContextEngine} from '../context/engine.ts';
import {createKindEngine} from '../kind/engine.ts';
import {openKube} from '../kube/kube.ts';
import type {ClusterEngine, ClusterFacts} from '../port.ts';
import {createSandboxEngine, type SandboxEngine} from '../sandbox/engine.ts';
import {fakeDocker} from '../testing/fake-docker.ts';
import {startRealApi} from '../testing/real-api.ts';
import {engineContract} from './engine-contract.ts';

/** The real thing: a process of its own. */
engineContract('sandbox', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'iw-contract-'));
  const entry = path.join(folder, 'sandbox.mjs');
  await build({
    entryPoints: [path.resolve(import.meta.dirname, '../../sandbox/main.ts')],
    outfile: entry,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    banner: {js: "import {createRequire as _c} from 'node:module'; const require = _c(import.meta.url);"},
  });
  const engineOf = (workshop: string): SandboxEngine =>
    createSandboxEngine({
      directory: path.join(folder, workshop),
      workshop,
      nodePath: process.execPath,
      entry,
      env: {PATH: process.env['PATH'], HOME: folder},
      processes: systemProcesses,
    });
  const engine = engineOf('trial');
  const neighbour = engineOf('neighbour');
  await neighbour.up(new AbortController().signal);
  return {
    engine,
    folder: path.join(folder, 'trial'),
    again: () => engineOf('trial'),
    made: async () => ((await engine.status()) ? 1 : 0),
    async others() {
      const handshake = await neighbour.status();
      return handshake ? [JSON.stringify(handshake)] : [];
    },
    async close() {
      await engine.down();
      await neighbour.down();
      rmSync(folder, {recursive: true, force: true});
    },
  };
});

/** Docker and kind are played; the cluster's API is spoken. */
engineContract('kind', async () => {
  const api = await startRealApi();
  const docker = fakeDocker(api.kubeconfig);
  docker.add('istio-workshop-trial');
  docker.add('somebody-elses');
  const foreign = docker.containers.map(({id}) => id);
  const folder = path.join(api.folder, 'kind');
  const engineOf = (): ClusterEngine =>
    createKindEngine({
      folder,
      workshop: 'trial',
      settings: {},
      env: {PATH: ''},
      processes: docker.processes,
    });
  return {
    engine: engineOf(),
    folder,
    again: engineOf,
    made: async () => docker.containers.filter(({id}) => !foreign.includes(id)).length,
    others: async () => docker.containers.filter(({id}) => foreign.includes(id)).map(({name}) => name),
    stall: () => docker.next({how: 'hangs'}),
    close: () => api.close(),
  };
});

/** A real API behind a kubeconfig. */
engineContract('context', async () => {
  const api = await startRealApi();
  const folder = path.join(api.folder, 'context');
  const engineOf = (facts: ClusterFacts): ClusterEngine =>
    createContextEngine({
      folder,
      settings: {kubeconfig: api.kubeconfig},
      facts,
      env: {},
      home: api.folder,
      processes: systemProcesses,
    });
  return {
    engine: engineOf({}),
    folder,
    again: engineOf,
    made: async () => 0,
    async others() {
      const namespaces = await (await openKube(api.kubeconfig)).list('namespaces');
      return namespaces.map(({metadata}) => metadata.name);
    },
    close: () => api.close(),
  };
});

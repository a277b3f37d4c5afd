import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {build} from 'esbuild';
import {systemProcesses} from '../../processes.ts';
import {createContextEngine} from '../context/engine.ts';
import {createKindEngine} from '../kind/engine.ts';
import {createSandboxEngine} from '../sandbox/engine.ts';
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
  const engine = createSandboxEngine({
    directory: path.join(folder, 'sandbox'),
    workshop: 'trial',
    nodePath: process.execPath,
    entry,
    env: {PATH: process.env['PATH'], HOME: folder},
    processes: systemProcesses,
  });
  return {
    engine,
    made: async () => ((await engine.status()) ? 1 : 0),
    async close() {
      await engine.down();
      rmSync(folder, {recursive: true, force: true});
    },
  };
});

/** Docker and kind are played; the cluster's API is spoken. */
engineContract('kind', async () => {
  const api = await startRealApi();
  const docker = fakeDocker(api.kubeconfig);
  const tools = new Set(['kubectl', 'helm']);
  const engine = createKindEngine({
    folder: path.join(api.folder, 'kind'),
    workshop: 'trial',
    settings: {},
    env: {PATH: ''},
    processes: {
      ...docker.processes,
      tool: async options =>
        tools.has(options.command)
          ? {
              exitCode: 0,
              stdout: options.command === 'helm' ? 'v3.19.0' : '{"clientVersion": {"gitVersion": "v1.33.1"}}',
              stderr: '',
              timedOut: false,
              cancelled: false,
              milliseconds: 1,
            }
          : docker.processes.tool(options),
    },
  });
  return {engine, made: async () => docker.containers.length, close: () => api.close()};
});

/** A real API behind a kubeconfig. */
engineContract('context', async () => {
  const api = await startRealApi();
  const engine = createContextEngine({
    folder: path.join(api.folder, 'context'),
    settings: {kubeconfig: api.kubeconfig},
    facts: {},
    env: {},
    home: api.folder,
    processes: systemProcesses,
  });
  return {engine, made: async () => 0, close: () => api.close()};
});

import {readFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parseAllDocuments} from 'yaml';
import {type Random, seededRandom} from '../clock.ts';
import type {SandboxHandshake} from '../lifecycle/control.ts';
import {type KubeClients, kubeClients} from './kube-clients.ts';
import {openWorkbench, readFaults, type Workbench} from './sandbox-process.ts';

/** `npm run soak` asks for more rounds and other seeds. */
const rounds = Number(process.env['ISTIO_WORKSHOP_FUZZ_ROUNDS'] ?? 250);
const seed = Number(process.env['ISTIO_WORKSHOP_SEED'] ?? 1);
const labs = path.resolve(import.meta.dirname, '../../../labs');

const paths: Record<string, string> = {
  Service: '/api/v1/namespaces/fuzz/services',
  ServiceAccount: '/api/v1/namespaces/fuzz/serviceaccounts',
  Deployment: '/apis/apps/v1/namespaces/fuzz/deployments',
  VirtualService: '/apis/networking.istio.io/v1/namespaces/fuzz/virtualservices',
  DestinationRule: '/apis/networking.istio.io/v1/namespaces/fuzz/destinationrules',
};
const strange: readonly unknown[] = [
  null,
  0,
  7,
  -1,
  1.5,
  1e20,
  '',
  'nonsense',
  '*',
  true,
  [],
  {},
  [null],
  [7],
  ['a'],
  [{}],
  {a: 'b'},
  [[]],
];

let bench: Workbench;
let sandbox: SandboxHandshake;
let clients: KubeClients;

beforeAll(async () => {
  bench = await openWorkbench();
  sandbox = await bench.start('fuzzed');
  await bench.installIstio(sandbox);
  clients = kubeClients(sandbox.kubeconfigPath);
  const labels = {'istio-injection': 'enabled'};
  await clients.core.createNamespace({body: {metadata: {name: 'fuzz', labels}}});
});

afterAll(() => bench?.close());

function manifests(): any[] {
  return [
    '03-deploy-bookinfo/manifests/bookinfo.yaml',
    '04-route-to-v1/manifests/destination-rule-all.yaml',
    '04-route-to-v1/manifests/virtual-service-all-v1.yaml',
  ].flatMap(file =>
    parseAllDocuments(readFileSync(path.join(labs, file), 'utf8')).flatMap(
      document => document.toJSON() ?? [],
    ),
  );
}

/** Changes one place of an object, somewhere below its metadata's name. @returns where, and to what. */
function spoil(object: any, random: Random): string {
  const places: {parent: any; key: string; at: string}[] = [];
  const visit = (parent: any, at: string) => {
    for (const key of Object.keys(parent)) {
      const where = `${at}.${key}`;
      if (!['.apiVersion', '.kind', '.metadata', '.metadata.name'].includes(where))
        places.push({parent, key, at: where});
      if (parent[key] !== null && typeof parent[key] === 'object') visit(parent[key], where);
    }
  };
  visit(object, '');
  const place = places[Math.floor(random() * places.length)];
  if (!place) return 'nothing';
  const value = strange[Math.floor(random() * strange.length)];
  place.parent[place.key] = structuredClone(value);
  return `${place.at} = ${JSON.stringify(value)}`;
}

describe(`${rounds} manifests with a mistake (seed ${seed})`, () => {
  it('are refused or accepted, and never a fault of ours', {timeout: 20_000 + rounds * 60}, async () => {
    const random = seededRandom(seed);
    const known = manifests();
    const faults: string[] = [];
    let accepted = 0;
    for (let round = 0; round < rounds; round++) {
      const object = structuredClone(known[Math.floor(random() * known.length)]);
      const what = `${object.kind} ${spoil(object, random)}`;
      object.metadata.name = `fuzz-${round}`;
      const collection = paths[object.kind] ?? '';
      const {status, text} = await clients.raw('POST', `${collection}?fieldValidation=Strict`, object);
      if (status >= 500) faults.push(`${what}: ${text}`);
      if (status === 201) accepted++;
      if (status === 201 && random() < 0.8) await clients.raw('DELETE', `${collection}/fuzz-${round}`, {});
    }
    const logged = readFaults(path.join(bench.folder, 'fuzzed'));
    expect({faults, logged}).toEqual({faults: [], logged: ''});
    expect(accepted).toBeGreaterThan(rounds / 20);
    expect(accepted).toBeLessThan(rounds);
    // It still works: a sound manifest is taken and served.
    expect(
      (
        await clients.raw(
          'POST',
          paths['Service'] as string,
          known.find(each => each.kind === 'Service'),
        )
      ).status,
    ).toBe(201);
  });
});

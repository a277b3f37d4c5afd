import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {parse, stringify} from 'yaml';
import type {ProcessRunner} from '../../processes.ts';
import {istioVersion} from '../../version.ts';
import {type Kube, openKube} from '../kube/kube.ts';
import {createRest} from '../kube/rest.ts';
import type {ClusterEngine, ClusterFacts, Consent} from '../port.ts';
import type {ClusterSettings} from '../settings.ts';
import {type RealApi, startRealApi} from '../testing/real-api.ts';
import {createContextEngine} from './engine.ts';

let api: RealApi;
let kube: Kube;
let number = 0;
let progress: string[];
let helmCalls: string[];

beforeAll(async () => {
  api = await startRealApi();
  kube = await openKube(api.kubeconfig);
});
afterAll(() => api?.close());
beforeEach(() => {
  progress = [];
  helmCalls = [];
  number += 1;
});

const {signal} = new AbortController();
const options = {signal, onProgress: ({text}: {text: string}) => void progress.push(text)};
const yes = {
  ...options,
  async confirm({facts}: Consent) {
    progress.push(...facts);
    return true;
  },
};

const helm: ProcessRunner['tool'] = async ({command, args}) => {
  helmCalls.push([command, ...args].join(' '));
  return {exitCode: 0, stdout: '', stderr: '', timedOut: false, cancelled: false, milliseconds: 1};
};

/** An app that was just started; each test has a state folder of its own. */
function engineOf(given: {settings?: ClusterSettings; facts?: ClusterFacts} = {}): ClusterEngine {
  const never = (): never => {
    throw new Error('The engine starts helm only.');
  };
  return createContextEngine({
    folder: path.join(api.folder, `context-${number}`),
    settings: {kubeconfig: api.kubeconfig, ...given.settings},
    facts: given.facts ?? {},
    env: {},
    home: api.folder,
    processes: {tool: helm, shell: never, interactive: never, detached: never},
    pause: () => new Promise(resolve => setTimeout(resolve, 20)),
  });
}

async function create(pathname: string, object: object): Promise<void> {
  await createRest(kube.config).send('POST', pathname, object);
}

function namespace(name: string, labels: Record<string, string> = {}): Promise<void> {
  return create('/api/v1/namespaces', {apiVersion: 'v1', kind: 'Namespace', metadata: {name, labels}});
}

async function gone(name: string): Promise<void> {
  await kube.remove('namespaces', name);
  await expect.poll(() => kube.get('namespaces', name)).toBeUndefined();
}

describe('a cluster that is not ours', () => {
  it('is shown before anybody is asked, and remembered by its UID after the yes', async () => {
    let asked: Consent | undefined;
    const facts = await engineOf().begin?.({
      ...options,
      confirm: async consent => {
        asked = consent;
        return true;
      },
    });
    expect(asked?.facts[0]).toMatch(
      /^context istio-workshop-elsewhere at https:\/\/127\.0\.0\.1:\d+, Kubernetes v1/,
    );
    expect(asked?.facts[1]).toContain('no Istio runs in it');
    const system = await kube.get('namespaces', 'kube-system');
    expect(facts).toEqual({
      context: 'istio-workshop-elsewhere',
      clusterId: system?.metadata.uid,
      istio: 'ours',
      istioVersion,
    });
    expect(await engineOf({facts: facts ?? {}}).begin?.(options)).toEqual(facts);
  });

  it.each([
    [{}, 'context'],
    [{context: 'c', istio: 'ours', istioVersion: '1.27.1'}, 'context c · Istio 1.27.1'],
    [{context: 'c', istio: 'existing'}, 'context c · Istio of an unknown version'],
  ] as const)('is called by what is known of it: %o', (facts, title) => {
    expect(engineOf({facts}).title).toBe(title);
  });

  it('is not touched after a no, and not where nobody can be asked', async () => {
    await expect(engineOf().begin?.({...options, confirm: async () => false})).rejects.toMatchObject({
      code: 'not-agreed',
    });
    await expect(engineOf().begin?.(options)).rejects.toMatchObject({
      code: 'consent-needed',
      remedies: [expect.stringContaining('--yes')],
    });
  });

  it('is refused when the context leads to another one than before', async () => {
    const facts: ClusterFacts = {
      context: 'istio-workshop-elsewhere',
      clusterId: 'another-uid',
      istio: 'ours',
    };
    await expect(engineOf({facts}).begin?.(yes)).rejects.toMatchObject({
      code: 'other-cluster',
      detail: expect.stringContaining('another-uid'),
    });
    // The refused cluster must not have taken the place of the other one.
    expect(existsSync((await engineOf({facts}).connect()).kubeconfig)).toBe(false);
  });

  it('that does not answer is looked for with the context that was taken', async () => {
    const own = path.join(api.folder, 'nobody.yaml');
    const config = parse(readFileSync(api.kubeconfig, 'utf8'));
    config.clusters[0].cluster.server = 'https://127.0.0.1:9';
    writeFileSync(own, stringify(config));
    await expect(engineOf({settings: {kubeconfig: own}}).begin?.(yes)).rejects.toMatchObject({
      code: 'cluster-unreachable',
      remedies: expect.arrayContaining([
        expect.stringContaining('kubectl --context istio-workshop-elsewhere get --raw /version'),
      ]),
    });
  });

  it('is refused when another one answers in its place', async () => {
    await engineOf().begin?.(yes);
    const facts: ClusterFacts = {
      context: 'istio-workshop-elsewhere',
      clusterId: 'another-uid',
      istio: 'ours',
    };
    await expect(engineOf({facts}).ensure(options)).rejects.toMatchObject({code: 'other-cluster'});
    await expect(engineOf({facts}).verify?.()).rejects.toMatchObject({code: 'other-cluster'});
    await expect(engineOf({facts}).delete(options)).rejects.toMatchObject({
      code: 'other-cluster',
      remedies: expect.arrayContaining([expect.stringContaining('gone for good')]),
    });
  });

  it('is refused when it has a namespace bookinfo of somebody else', async () => {
    await namespace('bookinfo');
    await expect(engineOf().begin?.(yes)).rejects.toMatchObject({code: 'namespace-taken'});
    await gone('bookinfo');
  });

  it('gives back only the namespaces with our label, and their Helm releases, istio-base last', async () => {
    const engine = engineOf();
    await engine.begin?.(yes);
    const label = (await engine.connect()).env['ISTIO_WORKSHOP_OWNER'] ?? '';
    await namespace('bookinfo', {'istio-workshop': label});
    await namespace('istio-system', {'istio-workshop': label});
    await namespace('istio-ingress', {'istio-workshop': 'workshop-of-another'});
    for (const name of ['istio-base', 'istiod']) {
      await create('/api/v1/namespaces/istio-system/secrets', {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'helm.sh/release.v1',
        metadata: {name: `sh.helm.release.v1.${name}.v1`, labels: {owner: 'helm', name}},
      });
    }
    const removed = await engine.delete(options);
    expect(helmCalls).toEqual([
      'helm uninstall istiod --namespace istio-system',
      'helm uninstall istio-base --namespace istio-system',
    ]);
    expect(removed.slice(-2)).toEqual(['the namespace bookinfo', 'the namespace istio-system']);
    expect(await kube.get('namespaces', 'bookinfo')).toBeUndefined();
    expect(await kube.get('namespaces', 'istio-ingress')).toBeDefined();
    expect(progress).toContainEqual(expect.stringContaining('kept the namespace istio-ingress'));
    await gone('istio-ingress');
  });

  it('refuses settings that would need its nodes', async () => {
    await expect(engineOf({settings: {images: '/images'}}).begin?.(yes)).rejects.toMatchObject({
      code: 'not-for-context',
    });
  });
});

describe('an Istio that was there before', () => {
  function deployment(name: string, version: string, revision: string): object {
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {name, labels: {app: 'istiod', 'istio.io/rev': revision}},
      spec: {
        replicas: 0,
        selector: {matchLabels: {app: 'istiod'}},
        template: {
          metadata: {labels: {app: 'istiod'}},
          spec: {containers: [{name: 'discovery', image: `registry.istio.io/release/pilot:${version}`}]},
        },
      },
    };
  }

  async function istiod(version: string, revision = 'default'): Promise<void> {
    await namespace('mesh');
    await create('/apis/apps/v1/namespaces/mesh/deployments', deployment('istiod', version, revision));
  }

  it('is used as it is, and said to stay', async () => {
    await istiod('1.28.4');
    const facts = await engineOf().begin?.(yes);
    expect(facts).toMatchObject({istio: 'existing', istioVersion: '1.28.4'});
    expect(progress).toContain('Istio 1.28.4 runs in mesh: it is used as it is, and stays');
    await gone('mesh');
  });

  /** As Istio's chart leaves it: the tag `default` is a webhook of its own that names the revision. */
  async function injector(name: string, revision: string, selector: object): Promise<void> {
    const client = {service: {name: `istiod-${revision}`, namespace: 'mesh'}};
    await create('/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: {name, labels: {app: 'sidecar-injector', 'istio.io/rev': revision}},
      webhooks: [
        {
          name: 'namespace.sidecar-injector.istio.io',
          clientConfig: client,
          namespaceSelector: selector,
          failurePolicy: 'Ignore',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
  }

  const byRevision = {matchExpressions: [{key: 'istio.io/rev', operator: 'In', values: ['1-28-4']}]};
  const byLabel = {
    matchExpressions: [
      {key: 'istio-injection', operator: 'In', values: ['enabled']},
      {key: 'istio.io/rev', operator: 'DoesNotExist'},
    ],
  };

  it('is said to need the tag default where a revision alone injects', async () => {
    await istiod('1.28.4', '1-28-4');
    await injector('istio-sidecar-injector-1-28-4', '1-28-4', byRevision);
    await engineOf().begin?.(yes);
    expect(progress).toContainEqual(expect.stringContaining('istioctl tag set default --revision 1-28-4'));
    progress = [];
    await injector('istio-revision-tag-default', '1-28-4', byLabel);
    await create('/apis/apps/v1/namespaces/mesh/deployments', deployment('istio-old', '1.20.1', '1-20-1'));
    number += 1;
    await engineOf().begin?.(yes);
    expect(progress).not.toContainEqual(expect.stringContaining('istioctl tag'));
    // The old one beside it injects nothing of ours.
    expect(progress).toContainEqual(expect.stringContaining('Istio 1.28.4 runs in mesh'));
    for (const name of ['istio-sidecar-injector-1-28-4', 'istio-revision-tag-default'])
      await kube.remove('mutatingwebhookconfigurations', name);
    await gone('mesh');
  });

  it('is refused when the labs were not written for it', async () => {
    await istiod('1.20.1');
    await expect(engineOf().begin?.(yes)).rejects.toMatchObject({
      code: 'istio-unsupported',
      message: expect.stringContaining('1.20.1'),
    });
    await gone('mesh');
  });
});

describe('somebody with few rights', () => {
  it('is told which are missing, and for what', async () => {
    const rest = createRest(kube.config);
    await create('/api/v1/namespaces/default/serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {name: 'learner'},
    });
    const rules = [{apiGroups: ['', 'apps'], resources: ['*'], verbs: ['get', 'list', 'create']}];
    const group = {apiVersion: 'rbac.authorization.k8s.io/v1', metadata: {name: 'few'}};
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    await create(`${rbac}/clusterroles`, {...group, kind: 'ClusterRole', rules});
    await create(`${rbac}/clusterrolebindings`, {
      ...group,
      kind: 'ClusterRoleBinding',
      roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'few'},
      subjects: [{kind: 'ServiceAccount', name: 'learner', namespace: 'default'}],
    });
    const {status} = await rest.send<{status: {token: string}}>(
      'POST',
      '/api/v1/namespaces/default/serviceaccounts/learner/token',
      {apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {}},
    );
    const own = path.join(api.folder, 'few.yaml');
    const config = parse(readFileSync(api.kubeconfig, 'utf8'));
    config.users[0].user = {token: status.token};
    writeFileSync(own, stringify(config));
    const engine = engineOf({settings: {kubeconfig: own}});
    await engine.begin?.(yes);
    const missing = progress.filter(line => line.startsWith('missing right:'));
    expect(missing).toContain('missing right: delete namespaces, for removing them again');
    expect(missing).toContain(
      'missing right: create virtualservices.networking.istio.io in bookinfo, for writing routes',
    );
    expect(missing).not.toContainEqual(expect.stringContaining('create namespaces'));
    const label = (await engine.connect()).env['ISTIO_WORKSHOP_OWNER'] ?? '';
    await namespace('bookinfo', {'istio-workshop': label});
    await expect(engine.delete(options)).rejects.toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('cannot delete resource "namespaces"'),
    });
    await gone('bookinfo');
  });
});

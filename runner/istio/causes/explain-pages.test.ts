import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {loadLabs} from '../../catalog/catalog.ts';
import type {Lab, Stars} from '../../catalog/lab.ts';
import {needsOf} from '../../state/plan.ts';
import {BookinfoMesh} from '../../testing/bookinfo-mesh.ts';
import type {MeshSnapshot} from '../snapshot.ts';
import type {IstioObject} from '../types.ts';
import {explainPages} from './explain-pages.ts';
import {explainNotReady} from './health.ts';
import type {AskedRequest} from './hop.ts';
import type {WantedPage} from './page-rightness.ts';
import {explainSidecars} from './sidecars.ts';

const labs = await loadLabs(fileURLToPath(new URL('../../../labs', import.meta.url)));
const versions: Readonly<Record<Stars, string>> = {none: 'v1', black: 'v2', red: 'v3'};

/** What the lab's last check of the stars wants, as requests from the productpage to reviews. */
function requestsOf(lab: Lab): readonly AskedRequest[] {
  const checks = lab.steps.flatMap(step => step.blocks).filter(block => block.kind === 'check');
  const condition = checks.flatMap(check => check.conditions).findLast(({kind}) => kind === 'stars');
  if (condition?.kind !== 'stars') return [];
  const {wanted} = condition;
  if (wanted.mode === 'each') {
    return Object.entries(wanted.visitors).map(([who, stars]) => request(who, {[versions[stars]]: 1}));
  }
  return [{...request('anonymous', {v1: 1, v2: 1, v3: 1}), anyShare: true}];
}

function request(who: string, expected: Record<string, number>): AskedRequest {
  const headers: Record<string, string> = who === 'anonymous' ? {} : {'end-user': who};
  return {who, headers, path: '/reviews/0', expected};
}

function causesOf(snapshot: MeshSnapshot, requests: readonly AskedRequest[]) {
  return explainPages({snapshot, wanted: pagesOf(requests)});
}

function pagesOf(requests: readonly AskedRequest[]): readonly WantedPage[] {
  return requests.map(({who, headers, expected, anyShare}) => {
    const signedInAs = headers['end-user'];
    const total = Object.values(expected).reduce((sum, share) => sum + share, 0);
    const shares = Object.fromEntries(Object.entries(expected).map(([name, share]) => [name, share / total]));
    return {
      visitor: who,
      via: 'productpage',
      ...(signedInAs === undefined ? {} : {signedInAs}),
      expected: shares,
      ...(anyShare ? {anyShare} : {}),
    };
  });
}

function meshBefore(lab: Lab): BookinfoMesh {
  const mesh = new BookinfoMesh();
  for (const id of needsOf(labs, lab.id)) {
    const needed = labs.find(other => other.id === id);
    if (needed) mesh.solve(needed);
  }
  return mesh;
}

function solved(id: string): {mesh: BookinfoMesh; lab: Lab} {
  const lab = labs.find(other => other.id === id);
  if (!lab) throw new Error(`no lab ${id}`);
  const mesh = meshBefore(lab);
  mesh.solve(lab);
  return {mesh, lab};
}

const routed = labs.filter(lab => requestsOf(lab).length > 0);

describe('the labs', () => {
  it.each(routed.map(lab => [lab.id, lab] as const))('%s has no cause once it is solved', (_id, lab) => {
    const mesh = meshBefore(lab);
    mesh.solve(lab);
    expect(causesOf(mesh.snapshot(), requestsOf(lab))).toEqual([]);
  });

  const broken = routed.flatMap(lab =>
    lab.broken.filter(({insteadOf}) => insteadOf).map(each => [each.file, lab, each] as const),
  );
  it.each(broken)('%s leads to its cause first', (_file, lab, {content, cause, insteadOf = ''}) => {
    const mesh = meshBefore(lab);
    mesh.solve(lab, {file: insteadOf, content});
    const [first] = causesOf(mesh.snapshot(), requestsOf(lab));
    expect(first?.code).toBe(cause);
    expect(first?.object).toMatch(/^\w+ [\w-]+(\/[\w-]+)?$/);
    expect(first?.fix).toMatch(/^(spec|metadata)\./);
  });
});

describe('explainPages', () => {
  it('names the object, the field and both values', () => {
    const lab = labs.find(other => other.id === 'route-jason');
    const capital = lab?.broken.find(({file}) => file.endsWith('capital-jason.yaml'));
    if (!lab || !capital) throw new Error('the lab is gone');
    const mesh = meshBefore(lab);
    mesh.solve(lab, {file: capital.insteadOf ?? '', content: capital.content});
    expect(causesOf(mesh.snapshot(), requestsOf(lab))[0]).toMatchObject({
      code: 'header-value',
      object: 'VirtualService bookinfo/reviews',
      fix: 'spec.http[0].match[0].headers.end-user.exact: "Jason" -> "jason"',
    });
  });

  it('puts a caller without a sidecar before everything else', () => {
    const {mesh, lab} = solved('route-to-v2');
    const snapshot = mesh.snapshot(pods =>
      pods.map(pod => {
        if (pod.metadata.labels?.['app'] !== 'productpage') return pod;
        const {'security.istio.io/tlsMode': _mode, ...labels} = pod.metadata.labels;
        return {...pod, metadata: {...pod.metadata, labels}};
      }),
    );
    expect(causesOf(snapshot, requestsOf(lab))[0]?.code).toBe('pods-older-than-label');
    const unlabelled = {...snapshot, namespaces: [{name: 'bookinfo', labels: {}}]};
    expect(causesOf(unlabelled, requestsOf(lab))[0]?.code).toBe('namespace-not-labelled');
    expect(explainSidecars({snapshot, namespace: 'bookinfo'})).toMatchObject([
      {code: 'pods-older-than-label', object: 'Pod bookinfo/productpage-v1-5d8f7c9b6d-abcde'},
    ]);
  });

  it('says that a version has no pod that is ready', () => {
    const {mesh, lab} = solved('route-to-v2');
    const snapshot = mesh.snapshot(pods => pods.filter(pod => pod.metadata.labels?.['version'] !== 'v2'));
    expect(causesOf(snapshot, requestsOf(lab))[0]).toMatchObject({code: 'pods-not-ready'});
  });

  it('says that no VirtualService is there', () => {
    const {mesh, lab} = solved('route-to-v2');
    mesh.delete('virtualservice', 'reviews', 'bookinfo');
    expect(causesOf(mesh.snapshot(), requestsOf(lab)).map(({code}) => code)).toEqual([
      'virtual-service-missing',
    ]);
  });

  it('finds two mistakes that hide each other', () => {
    const {mesh, lab} = solved('route-jason');
    mesh.apply(
      `{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: reviews}, spec: {hosts: [reviews],
        http: [{match: [{headers: {user: {exact: Jason}}}], route: [{destination: {host: reviews, subset: v2}}]},
               {route: [{destination: {host: reviews, subset: v3}}]}]}}`,
      'bookinfo',
    );
    mesh.delete('destinationrule', 'reviews', 'bookinfo');
    expect(causesOf(mesh.snapshot(), requestsOf(lab))[0]?.code).toBe('destination-rule-missing');
  });

  it('tells three mistakes at once in the order in which they bite', () => {
    const {mesh, lab} = solved('route-to-v2');
    mesh.apply(
      `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default}
spec: {mtls: {mode: STRICT}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: plain}
spec: {host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings}
spec:
  hosts: [ratings]
  http: [{fault: {abort: {httpStatus: 500, percentage: {value: 100}}}, route: [{destination: {host: ratings}}]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ratings}
spec:
  selector: {matchLabels: {app: ratings}}
  rules: [{from: [{source: {principals: [cluster.local/ns/bookinfo/sa/bookinfo-details]}}]}]
`,
      'bookinfo',
    );
    const causes = causesOf(mesh.snapshot(), requestsOf(lab));
    const chain = causes.filter(({behind}, index) => index === 0 || behind);
    expect(chain.map(({code, object}) => [code, object])).toEqual([
      ['mutual-tls-switched-off', 'DestinationRule bookinfo/plain'],
      ['fault-injected', 'VirtualService bookinfo/ratings'],
      ['policy-allows-others', 'AuthorizationPolicy bookinfo/ratings'],
    ]);
  });

  it('says what the pods of a workload wait for', () => {
    const {mesh} = solved('deploy-bookinfo');
    const pods: IstioObject[] = [];
    mesh.snapshot(all => {
      for (const pod of all) {
        const stuck = pod.metadata.name.startsWith('reviews-v3');
        const containerStatuses = [{state: {waiting: {reason: 'ImagePullBackOff'}}}];
        pods.push(stuck ? {...pod, status: {phase: 'Pending', containerStatuses}} : pod);
      }
      return all;
    });
    const workloads = ['reviews-v2', 'reviews-v3', 'reviews-v4'];
    const causes = explainNotReady({pods, namespace: 'bookinfo', workloads});
    expect(causes.map(({sentence}) => sentence)).toEqual([
      'reviews-v3 is not ready: reviews-v3-5d8f7c9b6d-abcde is ImagePullBackOff.',
      'reviews-v4 is not ready: there is no pod at all.',
    ]);
  });

  it('names istiod when it is not ready', () => {
    const {mesh, lab} = solved('route-to-v2');
    const snapshot = mesh.snapshot(pods => pods.filter(pod => pod.metadata.name !== 'istiod-0'));
    expect(causesOf(snapshot, requestsOf(lab)).map(({code}) => code)).toEqual(['istiod-not-ready']);
  });

  it('looks at a later hop once the first is right', () => {
    const {mesh, lab} = solved('route-to-v2');
    mesh.delete('destinationrule', 'ratings', 'bookinfo');
    expect(causesOf(mesh.snapshot(), requestsOf(lab))[0]).toMatchObject({
      code: 'destination-rule-missing',
      object: 'DestinationRule bookinfo/ratings',
    });
  });
});

import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Clock} from '../../clock.ts';
import {manualClock} from '../../testing/manual-clock.ts';
import {createMeshHarness, type MeshHarness, type Received} from '../testing/mesh-harness.ts';

const url = 'http://reviews:9080/reviews/0';

/** A pause between two retries; it passes by itself. */
const backOff = 100;

/**
 * A clock that stands still but for the waits that a test lets pass: each of them moves it on to where that wait ends,
 * with everything that was due before. How long the machine takes for the requests themselves plays no part.
 */
function steppingClock(): Clock & {
  waits: number[];
  passing: Set<number>;
  advance(milliseconds: number): void;
} {
  const clock = manualClock();
  const waits: number[] = [];
  const passing = new Set<number>();
  return {
    waits,
    passing,
    now: clock.now,
    advance: clock.advance,
    after(milliseconds, run) {
      waits.push(milliseconds);
      const due = clock.now() + milliseconds;
      if (milliseconds < backOff || passing.has(milliseconds))
        setImmediate(() => clock.advance(Math.max(0, due - clock.now())));
      return clock.after(milliseconds, run);
    },
  };
}

function destinationRule(trafficPolicy?: unknown) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: {name: 'reviews'},
    spec: {
      host: 'reviews',
      subsets: ['v1', 'v2', 'v3'].map(version => ({name: version, labels: {version}})),
      ...(trafficPolicy ? {trafficPolicy} : {}),
    },
  };
}

function virtualService(...http: unknown[]) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {name: 'reviews'},
    spec: {hosts: ['reviews'], http},
  };
}

const to = (subset: string) => ({destination: {host: 'reviews', subset}});
const always = {percentage: {value: 100}};
const never = new Promise<never>(() => {});

describe('policies of the mesh', () => {
  let mesh: MeshHarness;
  let clock: ReturnType<typeof steppingClock>;
  /** What each reviews pod answers; the default is 200 and its name. */
  let behaviour: (received: Received) => Promise<{status?: number; body?: string}>;

  beforeEach(async () => {
    clock = steppingClock();
    behaviour = async () => ({});
    mesh = await createMeshHarness({clock});
    await mesh.service('reviews', [{port: 9080, name: 'http'}]);
    for (const version of ['v1', 'v2', 'v3']) {
      await mesh.pod({
        name: `reviews-${version}`,
        labels: {app: 'reviews', version},
        app: received => behaviour(received),
      });
    }
    await mesh.pod({name: 'caller', labels: {app: 'caller'}, serviceAccount: 'caller'});
    await mesh.pod({name: 'plain', sidecar: false});
  });
  afterEach(() => mesh.close());

  const apply = (http: unknown, trafficPolicy?: unknown) =>
    mesh.apply([destinationRule(trafficPolicy), virtualService(http)], {accessLogFile: '/dev/stdout'});
  const log = () => mesh.logs('caller').at(-1) ?? '';

  it('#70 aborts before any upstream is called', async () => {
    await apply({fault: {abort: {httpStatus: 500, ...always}}, route: [to('v1')]});
    expect(await mesh.fetch('caller', url)).toMatchObject({status: 500, body: 'fault filter abort'});
    expect(mesh.received).toEqual([]);
    expect(log()).toContain(' 500 FI fault_filter_abort ');
  });

  it('#71 #74 injects nothing without a percentage', async () => {
    await apply({fault: {abort: {httpStatus: 500}, delay: {fixedDelay: '7s'}}, route: [to('v1')]});
    expect(await mesh.fetch('caller', url)).toMatchObject({status: 200});
    expect(clock.waits).not.toContain(7000);
  });

  it('#75 delays first, then aborts', async () => {
    clock.passing.add(1000);
    await apply({
      fault: {delay: {fixedDelay: '1s', ...always}, abort: {httpStatus: 503, ...always}},
      route: [to('v1')],
    });
    expect(await mesh.fetch('caller', url)).toMatchObject({status: 503});
    expect(clock.waits).toContain(1000);
    expect(log()).toContain(' 503 DI,FI fault_filter_abort ');
  });

  it('#81 does not count the delay towards the time-out', async () => {
    clock.passing.add(2000);
    await apply({fault: {delay: {fixedDelay: '2s', ...always}}, timeout: '1s', route: [to('v1')]});
    expect(await mesh.fetch('caller', url)).toMatchObject({status: 200});
    expect(log()).toContain(' 200 DI via_upstream ');
  });

  it('#83 times out, sooner if the client asks for it', async () => {
    behaviour = () => {
      clock.advance(500);
      return never;
    };
    await apply({timeout: '3s', route: [to('v1')]});
    const answer = await mesh.fetch('caller', url, {headers: {'x-envoy-upstream-rq-timeout-ms': '500'}});
    expect(answer).toMatchObject({status: 504, body: 'upstream request timeout'});
    expect(clock.waits).toContain(500);
    expect(log()).toContain(' 504 UT response_timeout ');
  });

  it('#84 tries another pod when one refuses the connection', async () => {
    await mesh.pod({name: 'dead', labels: {app: 'reviews', version: 'v1'}, sidecar: false});
    for (let index = 0; index < 20; index += 1) {
      expect((await mesh.fetch('caller', url)).status).toBe(200);
    }
  });

  it('#85 does not retry a 503', async () => {
    behaviour = async () => ({status: 503});
    await apply({route: [to('v1')]});
    expect((await mesh.fetch('caller', url)).status).toBe(503);
    expect(mesh.received.length).toBe(1);
  });

  it('#86 retries as told, with the body', async () => {
    const statuses = [503, 503, 200];
    behaviour = async () => ({status: statuses.shift() ?? 200});
    await apply({retries: {attempts: 3, retryOn: '5xx'}, route: [to('v1')]});
    const answer = await mesh.fetch('caller', url, {method: 'POST', body: 'hello'});
    expect(answer.status).toBe(200);
    expect(mesh.received.map(({headers, body}) => [headers['x-envoy-attempt-count'], body])).toEqual([
      ['1', 'hello'],
      ['2', 'hello'],
      ['3', 'hello'],
    ]);
  });

  it('#87 gives up after the last retry', async () => {
    behaviour = async () => ({status: 503});
    await apply({retries: {attempts: 2, retryOn: '503'}, route: [to('v1')]});
    expect((await mesh.fetch('caller', url)).status).toBe(503);
    expect(mesh.received.length).toBe(3);
    expect(log()).toContain(' 503 URX via_upstream ');
  });

  it('#88 does not retry with 0 attempts', async () => {
    await mesh.pod({name: 'dead', labels: {app: 'reviews', version: 'v9'}, sidecar: false});
    const rule = destinationRule();
    rule.spec.subsets.push({name: 'v9', labels: {version: 'v9'}});
    await mesh.apply([rule, virtualService({retries: {attempts: 0}, route: [to('v9')]})], {
      accessLogFile: '/dev/stdout',
    });
    const answer = await mesh.fetch('caller', url);
    expect(answer.status).toBe(503);
    expect(answer.body).toMatch(
      /^upstream connect error or disconnect\/reset before headers\. reset reason: remote connection failure/,
    );
    expect(log()).toMatch(/ 503 UF upstream_reset_before_response_started\{remote_connection_failure/);
  });

  it('#89 ends with a per-try time-out that the policy does not retry', async () => {
    behaviour = () => {
      clock.advance(1000);
      return never;
    };
    await apply({retries: {attempts: 3, perTryTimeout: '1s'}, route: [to('v1')]});
    expect((await mesh.fetch('caller', url)).status).toBe(504);
    expect(mesh.received.length).toBe(1);
    expect(log()).toContain('upstream_per_try_timeout');
  });

  it('#96 changes headers', async () => {
    await apply({
      headers: {request: {set: {x: '1'}, add: {y: '2'}, remove: ['z']}, response: {set: {via: 'mesh'}}},
      route: [to('v1')],
    });
    const answer = await mesh.fetch('caller', url, {headers: {x: '0', y: '1', z: 'gone'}});
    expect(mesh.received[0]?.headers).toMatchObject({x: '1', y: '1, 2'});
    expect(mesh.received[0]?.headers['z']).toBeUndefined();
    expect(answer.headers['via']).toBe('mesh');
  });

  it('#98 #99 mirrors without touching the answer', async () => {
    await apply({mirror: {host: 'reviews', subset: 'v3'}, route: [to('v1')]});
    const both = new Promise<void>(resolve => {
      behaviour = async () => {
        if (mesh.received.length === 2) resolve();
        return {};
      };
    });
    expect((await mesh.fetch('caller', url)).body).toBe('reviews-v1');
    await both;
    expect(mesh.received.map(({pod, headers}) => `${pod} ${headers.host}`).sort()).toEqual([
      'reviews-v1 reviews:9080',
      'reviews-v3 reviews:9080',
    ]);
    await apply({mirror: {host: 'reviews', subset: 'v3'}, mirrorPercentage: {value: 0}, route: [to('v1')]});
    await mesh.fetch('caller', url);
    expect(mesh.received.length).toBe(3);
  });

  it('#68 keeps a key on one pod', async () => {
    await mesh.apply([destinationRule({loadBalancer: {consistentHash: {httpHeaderName: 'x-user'}}})]);
    const pods = new Set<string>();
    for (let index = 0; index < 10; index += 1) {
      pods.add((await mesh.fetch('caller', url, {headers: {'x-user': 'ann'}})).body);
    }
    expect(pods.size).toBe(1);
  });

  it('#101 answers a preflight', async () => {
    await apply({
      corsPolicy: {allowOrigins: [{exact: 'http://cors.com'}], allowMethods: ['POST', 'GET'], maxAge: '24h'},
      route: [to('v1')],
    });
    const headers = {origin: 'http://cors.com', 'access-control-request-method': 'POST'};
    const answer = await mesh.fetch('caller', url, {method: 'OPTIONS', headers});
    expect(answer).toMatchObject({
      status: 200,
      headers: {'access-control-allow-methods': 'POST,GET', 'access-control-max-age': '86400'},
    });
    expect(mesh.received).toEqual([]);
  });

  it('answers the preflight of another origin too, without allowing it, where it is told to', async () => {
    const corsPolicy = {
      allowOrigins: [{exact: 'http://cors.com'}],
      allowMethods: ['GET'],
      allowCredentials: true,
    };
    const preflight = () =>
      mesh.fetch('caller', url, {
        method: 'OPTIONS',
        headers: {origin: 'http://other.com', 'access-control-request-method': 'GET'},
      });
    await apply({corsPolicy, route: [to('v1')]});
    expect((await preflight()).body).toBe('reviews-v1');
    await apply({corsPolicy: {...corsPolicy, unmatchedPreflights: 'IGNORE'}, route: [to('v1')]});
    const {status, headers} = await preflight();
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'access-control-allow-methods': 'GET',
      'access-control-allow-credentials': 'true',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('#103 overflows a full pool', async () => {
    let letGo = (): void => {};
    const held = new Promise<void>(resolve => {
      letGo = resolve;
    });
    behaviour = async () => {
      await held;
      return {};
    };
    await apply(
      {route: [to('v1')]},
      {
        connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1}},
      },
    );
    const asked = [1, 2, 3].map(() => mesh.fetch('caller', url));
    // One is under way and one waits its turn, so only the one too many can be answered.
    const refused = await Promise.race(asked);
    expect(refused).toMatchObject({
      status: 503,
      body: 'upstream connect error or disconnect/reset before headers. reset reason: overflow',
      headers: {'x-envoy-overloaded': 'true'},
    });
    letGo();
    expect((await Promise.all(asked)).map(({status}) => status).sort()).toEqual([200, 200, 503]);
    expect(mesh.logs('caller').some(line => line.includes(' 503 UO '))).toBe(true);
  });

  it.each([
    ['#104 ejects a pod that errs', 100, 1],
    ['#105 ejects none where 10 % is less than one', undefined, 5],
  ] as const)('%s', async (_name, maxEjectionPercent, least) => {
    behaviour = async ({pod}) => (pod === 'reviews-v2' ? {status: 500} : {});
    await mesh.apply([
      destinationRule({
        outlierDetection: {consecutive5xxErrors: 1, ...(maxEjectionPercent ? {maxEjectionPercent} : {})},
      }),
    ]);
    let failures = 0;
    for (let index = 0; index < 40; index += 1) {
      if ((await mesh.fetch('caller', url)).status === 500) failures += 1;
    }
    if (maxEjectionPercent) expect(failures).toBe(least);
    else expect(failures).toBeGreaterThanOrEqual(least);
  });

  const policy = (kind: string, spec: unknown) => ({
    apiVersion: 'security.istio.io/v1',
    kind,
    metadata: {name: 'policy'},
    spec,
  });

  it('#118 resets plain callers under STRICT', async () => {
    await mesh.apply([policy('PeerAuthentication', {mtls: {mode: 'STRICT'}})]);
    await expect(mesh.fetch('plain', url)).rejects.toMatchObject({
      code: 'ECONNRESET',
      message: 'read ECONNRESET',
    });
    expect((await mesh.fetch('caller', url)).status).toBe(200);
  });

  it('#119 lets plain callers reach a port that is exempt', async () => {
    await mesh.apply([
      policy('PeerAuthentication', {mtls: {mode: 'STRICT'}}),
      {
        ...policy('PeerAuthentication', {
          selector: {matchLabels: {app: 'reviews'}},
          mtls: {mode: 'STRICT'},
          portLevelMtls: {9080: {mode: 'DISABLE'}},
        }),
        metadata: {name: 'port'},
      },
      destinationRule({tls: {mode: 'DISABLE'}}),
    ]);
    expect((await mesh.fetch('plain', url)).status).toBe(200);
  });

  it('#120 denies all by an empty policy', async () => {
    await mesh.apply([policy('AuthorizationPolicy', {})], {accessLogFile: '/dev/stdout'});
    expect(await mesh.fetch('caller', url)).toMatchObject({status: 403, body: 'RBAC: access denied'});
    expect(mesh.received).toEqual([]);
  });

  it('#121 #122 allows by identity and method', async () => {
    const principals = ['cluster.local/ns/bookinfo/sa/caller'];
    await mesh.apply([
      policy('AuthorizationPolicy', {
        rules: [{from: [{source: {principals}}], to: [{operation: {methods: ['GET']}}]}],
      }),
    ]);
    expect((await mesh.fetch('caller', url)).status).toBe(200);
    expect((await mesh.fetch('caller', url, {method: 'POST'})).status).toBe(403);
    expect((await mesh.fetch('plain', url)).status).toBe(403);
  });

  it("asks a gateway's own policies before its routes", async () => {
    await mesh.pod({name: 'front', namespace: 'edge', labels: {istio: 'front'}, gateway: true});
    await mesh.service('front', [{port: 80}], {istio: 'front'}, 'edge');
    const server = {port: {number: 80, name: 'http', protocol: 'HTTP'}, hosts: ['*']};
    const spec = {selector: {istio: 'front'}, servers: [server]};
    const paths = ['/reviews/0'];
    const entry = [
      {apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: {name: 'front'}, spec},
      {
        ...virtualService(),
        metadata: {name: 'front'},
        spec: {hosts: ['*'], gateways: ['front'], http: [{route: [{destination: {host: 'reviews'}}]}]},
      },
      {
        ...policy('AuthorizationPolicy', {rules: [{to: [{operation: {paths}}]}]}),
        metadata: {name: 'front', namespace: 'edge'},
      },
    ];
    await mesh.apply(entry);
    expect((await mesh.fetch('plain', 'http://front.edge/reviews/0')).status).toBe(200);
    expect(await mesh.fetch('plain', 'http://front.edge/reviews/1')).toMatchObject({
      status: 403,
      body: 'RBAC: access denied',
    });
  });

  it('closes a connection that is not HTTP where no rule lets its caller in', async () => {
    mesh.client.delete('services', 'reviews', {namespace: 'bookinfo'});
    await mesh.service('reviews', [{port: 9080, name: 'tcp-9080'}]);
    const namespaces = ['bookinfo'];
    const letIn = (rule: unknown) => mesh.apply([policy('AuthorizationPolicy', {rules: [rule]})]);
    await letIn({from: [{source: {namespaces}}]});
    expect((await mesh.fetch('caller', url)).status).toBe(200);
    await expect(mesh.fetch('plain', url)).rejects.toThrow();
    // A rule that asks about HTTP is none for a port that is not HTTP.
    await letIn({from: [{source: {namespaces}}], to: [{operation: {methods: ['GET']}}]});
    await expect(mesh.fetch('caller', url)).rejects.toThrow();
    await mesh.apply([
      policy('AuthorizationPolicy', {action: 'DENY', rules: [{to: [{operation: {methods: ['POST']}}]}]}),
    ]);
    await expect(mesh.fetch('caller', url)).rejects.toThrow();
  });

  it('#128 takes a port named tcp for TCP', async () => {
    mesh.client.delete('services', 'reviews', {namespace: 'bookinfo'});
    await mesh.service('reviews', [{port: 9080, name: 'tcp-9080'}]);
    await apply({fault: {abort: {httpStatus: 500, ...always}}, route: [to('v1')]});
    expect((await mesh.fetch('caller', url)).status).toBe(200);
  });

  describe('words of any script', () => {
    const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

    it('are compared as text and sent in UTF-8', async () => {
      await apply({
        match: [{headers: {'end-user': {regex: 'жук.'}}}],
        headers: {request: {set: {'x-word': 'жёлтый\n'}}, response: {add: {'x-back': '“да”'}}},
        route: [to('v2')],
      });
      const answer = await mesh.fetch('caller', url, {headers: {'end-user': bytes('жук😀')}});
      expect([answer.status, answer.headers['x-back']]).toEqual([200, bytes('“да”')]);
      expect(mesh.received[0]?.headers['x-word']).toBe(bytes('жёлтый'));
      expect((await mesh.fetch('caller', url, {headers: {'end-user': bytes('жуки-')}})).status).toBe(404);
    });

    it.each([
      [{route: [to('v1')], rewrite: {uri: '/a b'}}],
      [{route: [to('v1')], headers: {response: {set: {'no name': 'x'}}}}],
      [{route: [to('v1')], match: [{uri: {regex: '(a?){900}(b?){900}/.*'}}]}],
    ])('fail one request and not the proxy where no head can have them: %j', async rule => {
      await apply(rule);
      expect((await mesh.fetch('caller', `${url}${'x'.repeat(9000)}`)).status).toBe(500);
      await apply({route: [to('v1')]});
      expect((await mesh.fetch('caller', url)).status).toBe(200);
    });
  });
});

import {writeFileSync} from 'node:fs';
import {get} from 'node:http';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {SandboxHandshake} from '../lifecycle/control.ts';
import {type KubectlSession, kubectlSession} from './kubectl-session.ts';
import {findKubectl} from './real-tools.ts';
import {openWorkbench, readFaults, type Workbench} from './sandbox-process.ts';

/** Real kubectls of four versions against one real sandbox: the newest does everything, the others what differs. */
const bookinfo = path.resolve(
  import.meta.dirname,
  '../../../labs/03-deploy-bookinfo/manifests/bookinfo.yaml',
);
const routes = path.resolve(import.meta.dirname, '../../../labs/04-route-to-v1/manifests');
const tools = await Promise.all([30, 31, 32, 33].map(minor => findKubectl(minor)));
const newest = await findKubectl(33);
let bench: Workbench;
let sandbox: SandboxHandshake;

beforeAll(async () => {
  if (tools.every(tool => 'missing' in tool)) return;
  bench = await openWorkbench();
  sandbox = await bench.start('main');
  await bench.installIstio(sandbox);
});

afterAll(async () => {
  const faults = bench && readFaults(path.join(bench.folder, 'main'));
  await bench?.close();
  expect(faults ?? '').toBe('');
});

function session(tool: (typeof tools)[number]): KubectlSession {
  return kubectlSession(bench, 'file' in tool ? tool.file : '', sandbox);
}

function titled(tool: (typeof tools)[number]): string {
  return 'missing' in tool ? `${tool.name} (skipped: ${tool.missing})` : tool.name;
}

/** A file in the workbench's folder, where kubectl runs. */
function file(name: string, content: string): string {
  writeFileSync(path.join(bench.folder, name), content);
  return name;
}

function configMap(name: string, data: Record<string, string>): string {
  return JSON.stringify({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name}, data});
}

/** Forwards with `forward` to a free port, and loads a page through it twice. */
async function statusesThrough(
  k: KubectlSession,
  forward: string,
  page: string,
  env = {},
): Promise<number[]> {
  const abort = new AbortController();
  const statuses: number[] = [];
  let output = '';
  const ended = k.run(forward, {
    env,
    signal: abort.signal,
    onOutput(text) {
      const begun = output.includes('Forwarding');
      output += text;
      const port = /127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (begun || port === undefined) return;
      void (async () => {
        for (let load = 0; load < 2; load++) statuses.push(await statusOf(`http://127.0.0.1:${port}${page}`));
      })().finally(() => abort.abort());
    },
  });
  await ended;
  return statuses;
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, {agent: false}, response => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    }).once('error', reject);
  });
}

describe.each(tools.map(tool => ({title: titled(tool), tool})))('$title', ({tool}) => {
  const present = 'file' in tool;
  const namespace = `of-${tool.name.replaceAll('.', '-')}`;
  const n = `-n ${namespace}`;

  it.skipIf(!present)('creates, labels, applies, gets and deletes', async () => {
    const k = session(tool);
    expect((await k.run('version')).stdout).toContain('Server Version: v1.33.4+istio-workshop');
    expect(await k.ok(`create ns ${namespace}`)).toBe(`namespace/${namespace} created\n`);
    expect(await k.fails(`create namespace ${namespace}`)).toBe(
      `Error from server (AlreadyExists): namespaces "${namespace}" already exists\n`,
    );
    expect(await k.ok(`label ns ${namespace} istio-injection=enabled`)).toBe(
      `namespace/${namespace} labeled\n`,
    );
    expect(await k.ok(`label ns ${namespace} istio-injection=enabled`)).toBe(
      `namespace/${namespace} not labeled\n`,
    );

    const first = (await k.ok(`apply ${n} -f ${bookinfo}`)).trimEnd().split('\n');
    expect(first).toHaveLength(14);
    expect(first.filter(line => !line.endsWith(' created'))).toEqual([]);
    const again = (await k.ok(`apply ${n} -f ${bookinfo}`)).trimEnd().split('\n');
    expect(again.filter(line => !line.endsWith(' unchanged'))).toEqual([]);

    await k.ok(`wait ${n} --for=condition=Available deploy --all --timeout=30s`);
    expect(await k.ok(`rollout status ${n} deploy/productpage-v1`)).toBe(
      'deployment "productpage-v1" successfully rolled out\n',
    );
    const pods = (await k.ok(`get pods ${n} --no-headers`)).trimEnd().split('\n');
    expect(pods.map(line => line.split(/\s+/).slice(1, 4).join(' '))).toEqual(Array(6).fill('2/2 Running 0'));

    const described = await k.ok(`describe svc reviews ${n}`);
    const ips = await k.ok(`get pods ${n} -l app=reviews -o jsonpath='{.items[*].status.podIP}'`);
    for (const ip of ips.split(' ')) expect(described).toContain(`${ip}:9080`);
    expect(await k.ok(`describe pod ${n} -l app=details`)).toMatch(/Controlled By: +ReplicaSet\/details-v1-/);

    expect(await k.ok(`exec ${n} deploy/ratings-v1 -c ratings -- sh -c 'echo out'`)).toBe('out\n');
    expect((await k.run(`exec ${n} deploy/ratings-v1 -c ratings -- sh -c 'exit 3'`)).code).toBe(3);
    expect(await k.ok(`exec -i ${n} deploy/ratings-v1 -c ratings -- cat`, {input: 'given\n'})).toBe(
      'given\n',
    );
    expect(await statusesThrough(k, `port-forward ${n} svc/productpage :9080`, '/productpage')).toEqual([
      200, 200,
    ]);

    expect(await k.ok(`create configmap c ${n} --from-literal=a=1`)).toBe('configmap/c created\n');
    expect(await k.ok(`create token default ${n}`)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n?$/);
    expect(await k.ok('auth can-i create pods')).toBe('yes\n');
    const server = file(`${tool.name}.json`, configMap('ssa', {a: '1'}));
    expect(await k.ok(`apply --server-side ${n} -f ${server}`)).toBe('configmap/ssa serverside-applied\n');
    file(`${tool.name}.json`, configMap('ssa', {a: '2'}));
    expect(await k.fails(`apply --server-side --field-manager=other ${n} -f ${server}`)).toContain(
      'Apply failed with 1 conflict: conflict with "kubectl": .data.a',
    );
    const list = file(
      `${tool.name}-list.yaml`,
      `apiVersion: v1\nkind: List\nitems:\n- ${configMap('l1', {})}\n- ${configMap('l2', {})}\n`,
    );
    expect(await k.ok(`apply ${n} -f ${list}`)).toBe('configmap/l1 created\nconfigmap/l2 created\n');

    expect(await k.ok(`delete ns ${namespace}`)).toBe(`namespace "${namespace}" deleted\n`);
    expect(await k.fails(`get ns ${namespace}`)).toBe(
      `Error from server (NotFound): namespaces "${namespace}" not found\n`,
    );
  });

  it.skipIf(!present)('speaks SPDY where WebSockets are switched off', async () => {
    const k = session(tool);
    const spdy = {KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false'};
    const gateway = '-n istio-system deploy/istiod';
    const forward = `port-forward ${gateway} :15014`;
    expect(await statusesThrough(k, forward, '/version', spdy)).toEqual([200, 200]);
    expect((await k.run(`exec ${gateway} -- nosuch`, {env: spdy})).stderr).toContain(
      'executable file not found',
    );
  });
});

describe.skipIf('missing' in newest)(`${titled(newest)}, all of it`, () => {
  let k: KubectlSession;
  const n = '-n bookinfo';
  const podOf = (app: string) => k.ok(`get pods ${n} -l app=${app} -o jsonpath='{.items[0].metadata.name}'`);

  beforeAll(async () => {
    k = session(newest);
    await k.ok('create ns bookinfo');
    await k.ok('label ns bookinfo istio-injection=enabled');
    await k.ok(`apply ${n} -f ${bookinfo} -f ${routes}`);
    await k.ok(`wait ${n} --for=condition=Available deploy --all --timeout=30s`);
  });

  it('prints tables, names, YAML and paths', async () => {
    expect((await k.ok('get ns')).split('\n')[0]).toBe('NAME              STATUS   AGE');
    const [wide = ''] = (await k.ok(`get deploy ${n} -o wide`)).split('\n');
    expect(wide.split(/\s{2,}/)).toEqual([
      'NAME',
      'READY',
      'UP-TO-DATE',
      'AVAILABLE',
      'AGE',
      'CONTAINERS',
      'IMAGES',
      'SELECTOR',
    ]);
    expect(await k.ok(`get svc ${n} -o name`)).toBe(
      ['details', 'productpage', 'ratings', 'reviews'].map(name => `service/${name}\n`).join(''),
    );
    expect(await k.ok(`get deploy ${n} reviews-v1 -o yaml`)).toContain('kind: Deployment');
    expect(JSON.parse(await k.ok(`get deploy ${n} -o json`)).items).toHaveLength(6);
    expect(await k.ok(`get pods ${n} --field-selector status.phase=Running -o name`)).toMatch(
      /^(pod\/.*\n){6}$/,
    );
    expect(await k.ok(`get pods ${n} -l 'app in (reviews,ratings),version!=v1' -o name`)).toMatch(
      /^pod\/reviews-v2-.*\npod\/reviews-v3-.*\n$/,
    );
    const sorted = await k.ok(`get pods ${n} --sort-by=.metadata.labels.app -L version --no-headers`);
    expect(
      sorted
        .trimEnd()
        .split('\n')
        .map(line => line.split('-')[0]),
    ).toEqual(['details', 'productpage', 'ratings', 'reviews', 'reviews', 'reviews']);
    expect(await k.ok(`get pods ${n} --chunk-size=2 -o name`)).toMatch(/^(pod\/.*\n){6}$/);
    expect(await k.ok('get pods -A')).toMatch(
      /^NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE\nbookinfo +details/,
    );
    expect(await k.ok(`get vs,dr ${n} --no-headers`)).toMatch(/reviews +\["reviews"\]/);
    expect(await k.ok(`get vs reviews ${n}`)).toMatch(/^NAME +GATEWAYS +HOSTS +AGE\n/);
    expect(await k.ok('get all -n istio-system')).toMatch(/deployment.apps\/istiod +1\/1/);
    expect(await k.ok('get nodes')).toMatch(/istio-workshop-control-plane +Ready +control-plane/);
    expect(await k.fails('get nosuch')).toBe('error: the server doesn\'t have a resource type "nosuch"\n');
    expect(await k.fails(`get pod nosuch ${n}`)).toBe(
      'Error from server (NotFound): pods "nosuch" not found\n',
    );
  });

  it('describes what is there', async () => {
    const pod = await k.ok(`describe pod ${n} ${await podOf('productpage')}`);
    expect(pod).toMatch(/Init Containers:\n +istio-init:/);
    for (const part of [
      'istio-proxy:',
      'Conditions:',
      'Volumes:',
      'QoS Class:',
      'Successfully assigned bookinfo/',
    ])
      expect(pod).toContain(part);
    expect(await k.ok(`describe deploy reviews-v2 ${n}`)).toMatch(
      /Replicas: +1 desired \| 1 updated \| 1 total \| 1 available/,
    );
    expect(await k.ok('describe ns bookinfo')).toMatch(/Labels: +istio-injection=enabled/);
    expect(await k.ok('describe node')).toMatch(/Non-terminated Pods:/);
    expect(await k.ok(`describe vs reviews ${n}`)).toMatch(/Subset: +v1/);
    expect(await k.ok(`describe svc productpage ${n}`)).toMatch(/TargetPort: +9080\/TCP/);
  });

  it('applies what changed, and only that', async () => {
    const text = await k.ok(`get deploy ratings-v1 ${n} -o yaml`);
    expect(text).toContain('last-applied-configuration');
    const {default: fs} = await import('node:fs');
    const changed = fs
      .readFileSync(bookinfo, 'utf8')
      .replace(/(name: ratings-v1\n[\s\S]*?replicas: )1/, '$12');
    const manifest = file('changed.yaml', changed);
    const diff = await k.run(`diff ${n} -f ${manifest}`);
    expect(diff.code).toBe(1);
    expect(diff.stdout).toMatch(/^- {2}replicas: 1\n\+ {2}replicas: 2$/m);
    const lines = (await k.ok(`apply ${n} -f ${manifest}`)).trimEnd().split('\n');
    expect(lines.filter(line => !line.endsWith(' unchanged'))).toEqual([
      'deployment.apps/ratings-v1 configured',
    ]);
    expect((await k.run(`diff ${n} -f ${manifest}`)).code).toBe(0);
    expect(await k.ok(`rollout status deploy/ratings-v1 ${n}`)).toContain('successfully rolled out');
    await k.ok(`apply ${n} -f ${bookinfo}`);
    const dry = await k.ok(`apply ${n} -f ${manifest} --dry-run=server`);
    expect(dry).toContain('deployment.apps/ratings-v1 configured (server dry run)');
    expect(await k.ok(`get deploy ratings-v1 ${n} -o jsonpath='{.spec.replicas}'`)).toBe('1');
  });

  it('refuses manifests with mistakes in the words of the API server', async () => {
    const unknown = file('unknown.json', JSON.stringify({...JSON.parse(configMap('bad', {})), dataa: {}}));
    expect(await k.fails(`apply ${n} -f ${unknown}`)).toContain(
      'strict decoding error: unknown field "dataa"',
    );
    const {code, stderr, stdout} = await k.run(`apply ${n} -f ${unknown} --validate=warn`);
    expect([code, stderr, stdout]).toEqual([
      0,
      'Warning: unknown field "dataa"\n',
      'configmap/bad created\n',
    ]);
    const route = (spec: object) =>
      JSON.stringify({
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: {name: 'bad'},
        spec,
      });
    expect(await k.fails(`apply ${n} -f ${file('vs.json', route({hosts: ['a'], htp: []}))}`)).toContain(
      'strict decoding error: unknown field "spec.htp"',
    );
    expect(await k.fails(`apply ${n} -f ${file('vs.json', route({hosts: ['a']}))}`)).toContain(
      'admission webhook "validation.istio.io" denied the request: configuration is invalid:',
    );
    expect(await k.fails(`scale deploy/reviews-v1 --replicas=-1 ${n}`)).toContain('replicas');
  });

  it('applies on the server, with one owner for each field', async () => {
    const manifest = file('ssa.json', configMap('ssa', {a: '1', b: '1'}));
    await k.ok(`apply --server-side ${n} -f ${manifest}`);
    expect(await k.ok(`apply --server-side ${n} -f ${manifest}`)).toBe('configmap/ssa serverside-applied\n');
    file('ssa.json', configMap('ssa', {a: '2'}));
    expect(await k.fails(`apply --server-side --field-manager=other ${n} -f ${manifest}`)).toContain(
      'Apply failed with 1 conflict: conflict with "kubectl": .data.a',
    );
    await k.ok(`apply --server-side --field-manager=other --force-conflicts ${n} -f ${manifest}`);
    await k.ok(`apply --server-side ${n} -f ${file('ssa.json', configMap('ssa', {}))}`);
    expect(await k.ok(`get cm ssa ${n} -o jsonpath='{.data}'`)).toBe('{"a":"2"}');
    const client = file('csa.json', configMap('csa', {a: '1'}));
    await k.ok(`apply ${n} -f ${client}`);
    file('csa.json', configMap('csa', {a: '2'}));
    expect(await k.ok(`apply --server-side ${n} -f ${client}`)).toBe('configmap/csa serverside-applied\n');
  });

  it('patches in three ways, edits, replaces and labels', async () => {
    const image = `-o jsonpath='{.spec.template.spec.containers[0].env[?(@.name=="X")].value}'`;
    await k.ok(
      `patch deploy details-v1 ${n} -p '{"spec":{"template":{"spec":{"containers":[{"name":"details","env":[{"name":"X","value":"1"}]}]}}}}'`,
    );
    expect(await k.ok(`get deploy details-v1 ${n} ${image}`)).toBe('1');
    await k.ok(`patch deploy details-v1 ${n} --type=merge -p '{"metadata":{"labels":{"x":"y"}}}'`);
    await k.ok(`patch deploy details-v1 ${n} --type=json -p '[{"op":"remove","path":"/metadata/labels/x"}]'`);
    expect(await k.ok(`patch deploy details-v1 ${n} --type=merge -p '{}'`)).toBe(
      'deployment.apps/details-v1 patched (no change)\n',
    );
    expect(
      await k.fails(
        `patch deploy details-v1 ${n} --type=json -p '[{"op":"test","path":"/kind","value":"x"}]'`,
      ),
    ).toContain('the server rejected our request due to an error in our request');
    expect(await k.fails(`patch vs reviews ${n} --type=strategic -p '{}'`)).toContain(
      'application/strategic-merge-patch+json is not supported',
    );
    await k.ok(`create cm edit ${n} --from-literal=a=1`);
    expect(await k.ok(`edit cm edit ${n}`, {env: {KUBE_EDITOR: `sed -i s/\\"1\\"/two/`}})).toBe(
      'configmap/edit edited\n',
    );
    expect(await k.ok(`get cm edit ${n} -o jsonpath='{.data.a}'`)).toBe('two');
    expect((await k.run(`edit cm edit ${n}`, {env: {KUBE_EDITOR: 'true'}})).stderr).toContain(
      'Edit cancelled, no changes made.',
    );
    const stale = JSON.parse(await k.ok(`get cm edit ${n} -o json`));
    await k.ok(`annotate cm edit ${n} note=1`);
    stale.data.a = 'stale';
    expect(await k.fails(`replace ${n} -f ${file('stale.json', JSON.stringify(stale))}`)).toContain(
      'the object has been modified; please apply your changes to the latest version and try again',
    );
    expect(await k.ok(`label cm edit ${n} tier=front`)).toBe('configmap/edit labeled\n');
    expect(await k.ok(`label cm edit ${n} tier-`)).toBe('configmap/edit unlabeled\n');
  });

  it('rolls out, back and again, and waits', async () => {
    const reviews = `deploy/reviews-v3 ${n}`;
    const before = await k.ok(`get pods ${n} -l version=v3 -o name`);
    await k.ok(`rollout restart ${reviews}`);
    expect(await k.ok(`rollout status ${reviews} --timeout=20s`)).toContain('successfully rolled out');
    expect(await k.ok(`get pods ${n} -l version=v3 --field-selector status.phase=Running -o name`)).not.toBe(
      before,
    );
    expect(await k.ok(`set image ${reviews} reviews=nosuch:1`)).toBe(
      'deployment.apps/reviews-v3 image updated\n',
    );
    await k.until(`get pods ${n} -l version=v3 -w`, text => text.includes('ImagePullBackOff'));
    expect(await k.ok(`get pods ${n} -l version=v3`)).toMatch(/2\/2 +Running/);
    expect(await k.fails(`rollout status ${reviews} --timeout=1s`)).toMatch(/timed out waiting|exceeded/);
    expect(await k.ok(`rollout history ${reviews}`)).toMatch(
      /REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>\n3 +<none>/,
    );
    expect(await k.ok(`rollout undo ${reviews}`)).toBe('deployment.apps/reviews-v3 rolled back\n');
    await k.ok(`rollout status ${reviews} --timeout=20s`);
    expect(await k.ok(`scale ${reviews} --replicas=2`)).toBe('deployment.apps/reviews-v3 scaled\n');
    await k.ok(`wait ${reviews} --for=jsonpath='{.status.readyReplicas}'=2 --timeout=20s`);
    expect(await k.fails(`scale ${reviews} --replicas=1 --current-replicas=9`)).toContain(
      'Expected replicas to be 9, was 2',
    );
    await k.ok(`scale ${reviews} --replicas=1`);
    expect(await k.fails(`wait ${reviews} --for=condition=Nosuch --timeout=1s`)).toContain(
      'error: timed out waiting for the condition on deployments/reviews-v3',
    );
    expect(await k.ok(`rollout pause ${reviews}`)).toContain('paused');
    expect(await k.ok(`rollout resume ${reviews}`)).toContain('resumed');
  });

  it('shows a rollout as it happens', async () => {
    const rows = await k.until(
      `get pods ${n} -l app=ratings -w`,
      text => /2\/2 +Running/.test(text.split('Terminating').at(-1) ?? '') && text.includes('Terminating'),
      () => k.ok(`delete pod ${n} -l app=ratings --wait=false`),
    );
    expect(rows.match(/NAME/g)).toHaveLength(1);
    for (const phase of ['Pending', 'PodInitializing', 'Terminating']) expect(rows).toContain(phase);
  });

  it('deletes pods, and waits until they are gone', async () => {
    const pod = await podOf('details');
    expect(await k.ok(`delete pod ${pod} ${n}`)).toBe(`pod "${pod}" deleted\n`);
    expect(await k.fails(`get pod ${pod} ${n}`)).toContain('not found');
    const forced = await k.run(`delete pod ${await podOf('details')} ${n} --force --grace-period=0`);
    expect(forced.stdout).toContain('force deleted');
    expect(await k.ok(`delete pod nosuch ${n} --ignore-not-found`)).toBe('');
    await k.ok(`wait deploy/details-v1 ${n} --for=condition=Available --timeout=20s`);
    const kept = file(
      'kept.json',
      configMap('kept', {}).replace('"name"', '"finalizers":["example.com/kept"],"name"'),
    );
    await k.ok(`create ${n} -f ${kept}`);
    await k.ok(`delete cm kept ${n} --wait=false`);
    expect(await k.fails(`wait cm/kept ${n} --for=delete --timeout=1s`)).toContain('timed out waiting');
    const [gone] = await Promise.all([
      k.run(`wait cm/kept ${n} --for=delete --timeout=20s`),
      k.ok(`patch cm kept ${n} --type=json -p '[{"op":"remove","path":"/metadata/finalizers"}]'`),
    ]);
    expect(gone.code).toBe(0);
    await k.ok(`create deployment orphaned ${n} --image=nosuch --replicas=0`);
    expect(await k.ok(`get deploy orphaned ${n} -o jsonpath='{.spec.replicas}'`)).toBe('0');
    await k.ok(`scale deploy orphaned ${n} --replicas=1`);
    await k.ok(`wait rs ${n} -l app=orphaned --for=create --timeout=10s`);
    await k.ok(`delete deploy orphaned ${n} --cascade=orphan`);
    expect(await k.ok(`get rs ${n} -l app=orphaned -o jsonpath='{.items[*].metadata.ownerReferences}'`)).toBe(
      '',
    );
    await k.ok(`delete rs ${n} -l app=orphaned --cascade=foreground`);
    expect((await k.run(`get pods ${n} -l app=orphaned`)).stderr).toContain('No resources found');
  });

  it('prints logs', async () => {
    await k.ok(`exec ${n} deploy/ratings-v1 -c ratings -- curl -s reviews:9080/reviews/0`);
    expect(await k.ok(`logs ${n} deploy/productpage-v1 -c istio-proxy --tail=1`)).toMatch(/\S/);
    expect(await k.ok(`logs ${n} -l app=reviews --prefix --tail=1`)).toMatch(
      /^\[pod\/reviews-v1-[\w-]+\/reviews\] /m,
    );
    expect(await k.ok(`logs ${n} deploy/reviews-v1 --timestamps --tail=1`)).toMatch(/^\d{4}-\d\d-\d\dT\S+Z /);
    expect(await k.fails(`logs ${n} deploy/reviews-v1 -p`)).toMatch(
      /Error from server \(BadRequest\): previous terminated container "reviews" in pod "reviews-v1-\S+" not found/,
    );
    const followed = await k.until(
      `logs -f ${n} deploy/ratings-v1 -c ratings --tail=1`,
      text => text.trimEnd().split('\n').length > 1,
      () => k.ok(`exec ${n} deploy/productpage-v1 -c istio-proxy -- curl -s ratings:9080/ratings/7`),
    );
    expect(followed).toContain('/ratings/7');
  });

  it('runs commands in containers', async () => {
    const exec = (rest: string, options = {}) => k.run(`exec ${n} deploy/productpage-v1 ${rest}`, options);
    expect((await exec("-- sh -c 'echo a; echo b >&2; exit 7'")).code).toBe(7);
    expect((await exec('-- sh -c cat -i', {input: ''})).code).toBe(0);
    expect((await exec('-c nosuch -- ls')).stderr).toContain('container nosuch is not valid for pod');
    expect((await exec('-- no-such-program')).stderr).toContain('executable file not found in $PATH');
    const spdy = {env: {KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false'}};
    expect((await exec("-- sh -c 'exit 5'", spdy)).code).toBe(5);
    const through = await k.ok(
      `exec ${n} deploy/ratings-v1 -c ratings -- curl -s -o /dev/null -w '%{http_code}' productpage:9080/productpage`,
    );
    expect(through).toBe('200');
  });

  it('forwards ports by WebSocket and by SPDY, and says what refuses', async () => {
    const forward = `port-forward ${n} deploy/productpage-v1 :9080`;
    expect(await statusesThrough(k, forward, '/productpage')).toEqual([200, 200]);
    const spdy = {KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false'};
    expect(await statusesThrough(k, forward, '/productpage', spdy)).toEqual([200, 200]);
    expect(await k.fails(`port-forward ${n} svc/productpage :81`)).toContain(
      'does not have a service port 81',
    );
  });

  it('explains, discovers, asks for rights and shows events', async () => {
    expect(await k.ok('explain vs.spec.http')).toMatch(/FIELD: http <\[\]Object>/);
    expect(await k.ok('explain pod.spec.containers')).toContain('readinessProbe');
    const types = await k.ok('api-resources --api-group=networking.istio.io -o name');
    expect(types).toContain('virtualservices.networking.istio.io\n');
    expect(await k.fails(`auth can-i create pods --as nobody ${n}`)).toBe('');
    expect(await k.ok('auth whoami -o name')).toBeDefined();
    expect(await k.ok(`events ${n} --for deploy/reviews-v1`)).toContain('ScalingReplicaSet');
    expect(await k.ok(`get events ${n} --sort-by=.lastTimestamp`)).toMatch(
      /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE/,
    );
    expect(await k.ok(`expose deploy reviews-v1 ${n} --name=extra --port=80 --target-port=9080`)).toBe(
      'service/extra exposed\n',
    );
    expect((await k.run('top pods', {})).code).not.toBe(0);
  });

  it('waits for the end of lists that stream, as newer clients do', async () => {
    const env = {KUBE_FEATURE_WatchListClient: 'true'};
    await k.ok(`wait ${n} --for=condition=Available deploy --all --timeout=10s`, {env});
    await k.ok(`rollout status deploy/reviews-v1 ${n} --timeout=10s`, {env});
    expect(await k.ok(`delete pod ${n} -l app=details`, {env})).toMatch(/deleted/);
  });

  it('deletes namespaces with all that is in them', async () => {
    const deleting = k.ok('delete ns bookinfo');
    expect(await deleting).toBe('namespace "bookinfo" deleted\n');
    expect((await k.run(`get all,cm,vs ${n}`)).stderr).toContain('No resources found');
  });

  it('keeps two sandboxes apart', async () => {
    const other = kubectlSession(bench, 'file' in newest ? newest.file : '', await bench.start('second'));
    await other.ok('create ns only-there');
    expect(await k.fails('get ns only-there')).toContain('not found');
    expect(await other.fails('get vs')).toContain("doesn't have a resource type");
    expect(await k.ok('get vs -A -o name')).toBe('');
  });
});

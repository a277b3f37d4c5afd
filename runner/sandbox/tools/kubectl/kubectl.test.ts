import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startToolHarness, type ToolHarness} from '../testing/harness.ts';

let tools: ToolHarness;
beforeAll(async () => {
  tools = await startToolHarness();
});
afterAll(() => tools.close());

const settings = (data: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
${data}`;

describe('the built-in kubectl', () => {
  it('creates a namespace once', async () => {
    expect(await tools.kubectl('create ns bookinfo')).toEqual({
      code: 0,
      out: 'namespace/bookinfo created\n',
      err: '',
    });
    expect(await tools.kubectl('create namespace bookinfo')).toEqual({
      code: 1,
      out: '',
      err: 'Error from server (AlreadyExists): namespaces "bookinfo" already exists\n',
    });
  });

  it('labels, and says when that changes nothing', async () => {
    await tools.kubectl('create ns labelled');
    const line = 'label namespace labelled istio-injection=enabled';
    expect((await tools.kubectl(line)).out).toBe('namespace/labelled labeled\n');
    expect((await tools.kubectl(line)).out).toBe('namespace/labelled not labeled\n');
    const refused = await tools.kubectl('label ns labelled istio-injection=disabled');
    expect(refused).toMatchObject({
      code: 1,
      err: "error: 'istio-injection' already has a value (enabled), and --overwrite is false\n",
    });
    expect((await tools.kubectl('label ns labelled istio-injection-')).out).toBe(
      'namespace/labelled unlabeled\n',
    );
    expect((await tools.kubectl('get ns labelled -L istio-injection --no-headers')).out).toMatch(
      /^labelled\s+Active\s+\d+s\s*$/,
    );
  });

  it('applies: created, unchanged, configured, and a key that left the file leaves the object', async () => {
    tools.write('settings.yaml', settings('  a: "1"\n  b: "2"\n'));
    expect((await tools.kubectl('apply -f settings.yaml')).out).toBe('configmap/settings created\n');
    await tools.kubectl(`patch cm settings --type=merge -p '{"data":{"other":"kept"}}'`);
    expect((await tools.kubectl('apply -f settings.yaml')).out).toBe('configmap/settings unchanged\n');
    tools.write('settings.yaml', settings('  a: "3"\n'));
    expect((await tools.kubectl('apply -f settings.yaml')).out).toBe('configmap/settings configured\n');
    const {out} = await tools.kubectl(`get cm settings -o jsonpath='{.data}'`.replace(/'/g, ''));
    expect(JSON.parse(out)).toEqual({a: '3', other: 'kept'});
    expect((await tools.kubectl('delete -f settings.yaml')).out).toBe('configmap "settings" deleted\n');
  });

  it('reads manifests from standard input, and names an unknown field', async () => {
    const bad = `${settings('  a: b\n')}dataa: {}\n`;
    const {code, err} = await tools.kubectl('apply -f -', bad);
    expect(code).toBe(1);
    expect(err).toContain('error when creating "STDIN": ');
    expect(err).toContain('strict decoding error: unknown field "dataa"');
  });

  it('waits until a namespace is gone', async () => {
    await tools.kubectl('create ns passing');
    await tools.kubectl('create cm inside -n passing');
    expect((await tools.kubectl('delete ns passing')).out).toBe('namespace "passing" deleted\n');
    expect(await tools.kubectl('get ns passing')).toMatchObject({
      code: 1,
      err: 'Error from server (NotFound): namespaces "passing" not found\n',
    });
  });

  it.each([
    ['get nosuch', 'error: the server doesn\'t have a resource type "nosuch"\n'],
    ['get pod nosuch', 'Error from server (NotFound): pods "nosuch" not found\n'],
    ['get pods', 'No resources found in default namespace.\n'],
    ['apply -f nosuch.yaml', 'error: the path "nosuch.yaml" does not exist\n'],
    ['delete pods', 'error: resource(s) were provided, but no name was specified\n'],
    [
      'get pods --context nosuch',
      'Error in configuration: context was not found for specified context: nosuch\n',
    ],
    ['wait --for=condition=Ready pod/nosuch', 'Error from server (NotFound): pods "nosuch" not found\n'],
  ])('says of "%s" what the real one says', async (line, err) => {
    expect((await tools.kubectl(line)).err).toBe(err);
  });

  it('suggests a command, and says what it is', async () => {
    const {code, err} = await tools.kubectl('port-forwarding svc/x 80');
    expect(code).toBe(1);
    expect(err).toContain('error: unknown command "port-forwarding" for "kubectl"\n');
    expect(err).toContain('built-in kubectl');
    expect((await tools.kubectl('get pods --nope')).err).toContain(
      "error: unknown flag: --nope\nSee 'kubectl get --help' for usage.\n",
    );
  });
});

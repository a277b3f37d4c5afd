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

  it('goes on with the documents that are good, and words several errors as kubectl 1.33 does', async () => {
    const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n---\n`;
    const noKind =
      'resource mapping not found for name: "x" namespace: "" from "several.yaml": no matches for kind "Servic" in version "v1"\nensure CRDs are installed first';
    const noVersion =
      'error validating "several.yaml": error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false';
    const unknown = 'apiVersion: v1\nkind: Servic\nmetadata:\n  name: x\n---\n';
    tools.write('several.yaml', `${map('one')}${unknown}kind: ConfigMap\nmetadata:\n  name: y\n`);
    expect(await tools.kubectl('apply -f several.yaml')).toEqual({
      code: 1,
      out: 'configmap/one created\n',
      err: `${noKind}\n${noVersion}\n`,
    });
    expect((await tools.kubectl('create -f several.yaml')).err).toBe(
      `Error from server (AlreadyExists): error when creating "several.yaml": configmaps "one" already exists\n[${noKind}, ${noVersion}]\n`,
    );
    tools.write('several.yaml', `${unknown}${map('one')}`);
    expect((await tools.kubectl('apply -f several.yaml')).err).toBe(`error: ${noKind}\n`);
    tools.write('several.yaml', 'text\n');
    expect((await tools.kubectl('apply -f several.yaml')).err).toMatch(
      /^error: error validating "several.yaml": error validating data: invalid object to validate; /,
    );
  });

  it('words a refusal in another way where it is one of several', async () => {
    const service = (name: string, spec: string) =>
      `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n${spec}---\n`;
    const invalid = service('two', '  ports:\n  - port: 99999\n');
    tools.write('refused.yaml', invalid);
    expect((await tools.kubectl('apply -f refused.yaml')).err).toBe(
      'The Service "two" is invalid: \n* spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive\n* spec.ports[0].targetPort: Invalid value: 99999: must be between 1 and 65535, inclusive\n',
    );
    tools.write('refused.yaml', `${invalid}${service('three', '  prts: []\n')}`);
    expect((await tools.kubectl('apply -f refused.yaml')).err).toBe(
      'Error from server (Invalid): error when creating "refused.yaml": Service "two" is invalid: [spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive, spec.ports[0].targetPort: Invalid value: 99999: must be between 1 and 65535, inclusive]\n' +
        'Error from server (BadRequest): error when creating "refused.yaml": Service in version "v1" cannot be handled as a Service: strict decoding error: unknown field "spec.prts"\n',
    );
    tools.write('refused.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n');
    expect((await tools.kubectl('apply -n default -f refused.yaml')).err).toBe(
      'error: error when retrieving current configuration of:\nResource: "/v1, Resource=configmaps", GroupVersionKind: "/v1, Kind=ConfigMap"\nName: "", Namespace: "default"\nfrom server for: "refused.yaml": resource name may not be empty\n',
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

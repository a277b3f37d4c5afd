import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {rejectionOf} from './rejection.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rejection-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const route = (rest: string, name = 'reviews'): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: ${name}\nspec:\n  hosts: [reviews]\n${rest}`;
const configMap = (name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n---\n`;

const notChecked =
  '* <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

/** What kubectl 1.33 prints for these files, on stderr. */
const printed: readonly {file: string; stderr: string; sentence: string}[] = [
  {
    file: route('  http:\n  - route:\n    - destination:\n        host: reviews\n      weight: all\n'),
    stderr: `The VirtualService "reviews" is invalid: \n* spec.http[0].route[0].weight: Invalid value: "string": spec.http[0].route[0].weight in body must be of type integer: "string"\n${notChecked}`,
    sentence:
      'f.yaml, line 11, VirtualService reviews, spec.http[0].route[0].weight: it must be of type integer, and is string.',
  },
  {
    file: route('  http:\n  - route:\n    - weight: 100\n'),
    stderr: `The VirtualService "reviews" is invalid: \n* spec.http[0].route[0].destination: Required value\n${notChecked}`,
    sentence: 'f.yaml, line 9, VirtualService reviews, spec.http[0].route[0].destination: it is missing.',
  },
  {
    file: route(
      '  http:\n  - match:\n    - uri: {exact: /, prefix: /}\n    route:\n    - destination: {host: reviews}\n',
    ),
    stderr:
      'The VirtualService "reviews" is invalid: <nil>: Invalid value: "": "spec.http[0].match[0].uri" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    sentence:
      'f.yaml, line 9, VirtualService reviews, spec.http[0].match[0].uri: only one of its forms may be given.',
  },
  {
    file: route(''),
    stderr:
      'Error from server: error when creating "f.yaml": admission webhook "validation.istio.io" denied the request: configuration is invalid: http, tcp or tls must be provided in virtual service',
    sentence: 'f.yaml: http, tcp or tls must be provided in virtual service.',
  },
  {
    file: route('  htp:\n  - route: []\n'),
    stderr:
      'Error from server (BadRequest): error when creating "f.yaml": VirtualService in version "v1" cannot be handled as a VirtualService: strict decoding error: unknown field "spec.htp"',
    sentence: 'f.yaml, line 7, spec.htp: there is no such field.',
  },
  {
    // The same in a file whose first document has a `spec` too, and where the object stands already.
    file: `apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  ports: []\n---\n${route('  htp: []\n')}`,
    stderr: String.raw`The request is invalid: patch: Invalid value: "{\"apiVersion\":\"networking.istio.io/v1\",\"kind\":\"VirtualService\",\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"{\\\"apiVersion\\\":\\\"networking.istio.io/v1\\\",\\\"kind\\\":\\\"VirtualService\\\",\\\"metadata\\\":{\\\"annotations\\\":{},\\\"name\\\":\\\"reviews\\\",\\\"namespace\\\":\\\"bookinfo\\\"},\\\"spec\\\":{\\\"hosts\\\":[\\\"reviews\\\"],\\\"htp\\\":[]}}\\n\"},\"name\":\"reviews\",\"namespace\":\"bookinfo\",\"resourceVersion\":\"423\"},\"spec\":{\"hosts\":[\"reviews\"],\"htp\":[]}}": strict decoding error: unknown field "spec.htp"`,
    sentence: 'f.yaml, line 14, spec.htp: there is no such field.',
  },
  {
    file: `${configMap('one')}apiVersion: networking.istio.io/v1\nkind: VirtualServic\nmetadata:\n  name: reviews\n`,
    stderr:
      'error: resource mapping not found for name: "reviews" namespace: "" from "f.yaml": no matches for kind "VirtualServic" in version "networking.istio.io/v1"\nensure CRDs are installed first',
    sentence:
      'f.yaml, line 7: the cluster knows no kind "VirtualServic" in networking.istio.io/v1: it is misspelt, or its definition is not installed.',
  },
  {
    file: `${configMap('one')}kind: Service\nmetadata:\n  name: two\n`,
    stderr:
      'error: error validating "f.yaml": error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false',
    sentence: 'f.yaml, line 6, apiVersion: it is missing.',
  },
  {
    file: 'apiVersion: v1\nkind: Service\nmetadata: {}\nspec:\n  ports:\n  - port: 80\n',
    stderr:
      'error: error when retrieving current configuration of:\nResource: "/v1, Resource=services", GroupVersionKind: "/v1, Kind=Service"\nName: "", Namespace: "bookinfo"\nfrom server for: "f.yaml": resource name may not be empty',
    sentence: 'f.yaml, line 3, metadata.name: it is missing.',
  },
  {
    file: 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  replicas: three\n',
    stderr:
      'Error from server (BadRequest): error when creating "f.yaml": Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    sentence: 'f.yaml, line 6, spec.replicas: it must be of type int32, and is string.',
  },
  {
    file: 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  template:\n    metadata:\n      labels: {a: c}\n',
    stderr:
      'The Deployment "d" is invalid: spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`',
    sentence:
      'f.yaml, line 8, Deployment d, spec.template.metadata.labels: `selector` does not match template `labels`.',
  },
  {
    file: 'just text\n',
    stderr:
      'error: error validating "f.yaml": error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false',
    sentence: 'f.yaml: it holds no object of Kubernetes.',
  },
  {
    file: '',
    stderr: 'error: no objects passed to apply',
    sentence: 'f.yaml: it holds no object of Kubernetes.',
  },
];

const explained = (stderr: string, text = 'kubectl apply -n bookinfo -f f.yaml') =>
  rejectionOf(text, stderr, folder);

it.each(printed)('says in plain words: $sentence', async ({file, stderr, sentence}) => {
  writeFileSync(path.join(folder, 'f.yaml'), file);
  expect(await explained(stderr)).toBe(sentence);
});

describe('of several documents', () => {
  const services = `${configMap('one')}apiVersion: v1\nkind: Service\nmetadata:\n  name: two\nspec:\n  ports:\n  - port: 99999\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: three\nspec:\n  prts: []\n`;
  const two =
    'spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive, spec.ports[0].targetPort: Invalid value: 99999: must be between 1 and 65535, inclusive';
  const blamed = 'f.yaml, line 12, Service two, spec.ports[0].port: must be between 1 and 65535, inclusive.';

  it('blames the one that is refused', async () => {
    writeFileSync(path.join(folder, 'f.yaml'), services);
    expect(
      await explained(`The Service "two" is invalid: \n* ${two.replace(', spec.ports', '\n* spec.ports')}`),
    ).toBe(blamed);
  });

  it('blames the first where several are refused, which kubectl words in another way', async () => {
    writeFileSync(path.join(folder, 'f.yaml'), services);
    const unknown =
      'Error from server (BadRequest): error when creating "f.yaml": Service in version "v1" cannot be handled as a Service: strict decoding error: unknown field "spec.prts"';
    const invalid = `Error from server (Invalid): error when creating "f.yaml": Service "two" is invalid: [${two}]`;
    expect(await explained(`${invalid}\n${unknown}`)).toBe(blamed);
    expect(await explained(`${unknown}\n${invalid}`)).toBe(
      'f.yaml, line 19, spec.prts: there is no such field.',
    );
    const kinds =
      '[resource mapping not found for name: "two" namespace: "" from "f.yaml": no matches for kind "Servic" in version "v1"\nensure CRDs are installed first, error validating "f.yaml": error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false]';
    expect(await explained(kinds)).toMatch(/^f\.yaml: the cluster knows no kind "Servic" in v1/);
  });

  it('finds the file among several, named or not', async () => {
    writeFileSync(path.join(folder, 'f.yaml'), services);
    writeFileSync(path.join(folder, 'g.yaml'), route('  htp: []\n'));
    const text = 'kubectl apply -f g.yaml -f f.yaml';
    expect(await explained(`The Service "two" is invalid: ${two.split(', spec')[0]}`, text)).toBe(blamed);
    const unknown =
      'Error from server (BadRequest): error when creating "g.yaml": VirtualService in version "v1" cannot be handled as a VirtualService: strict decoding error: unknown field "spec.htp"';
    expect(await explained(unknown, text)).toBe('g.yaml, line 7, spec.htp: there is no such field.');
  });
});

it('names the file that is not there', async () => {
  expect(await explained('error: the path "f.yaml" does not exist')).toBe('f.yaml: there is no such file.');
});

it.each([
  'Error from server (NotFound): error when creating "f.yaml": namespaces "bookinfo" not found',
  'Error from server (Forbidden): virtualservices is forbidden: User "u" cannot create',
  'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
])('blames no file for %j', async stderr => {
  writeFileSync(path.join(folder, 'f.yaml'), route(''));
  expect(await explained(stderr)).toBeUndefined();
});

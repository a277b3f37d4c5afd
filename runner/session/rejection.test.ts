import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {rejectionOf} from './rejection.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rejection-'));
  writeFileSync(
    path.join(folder, 'route.yaml'),
    [
      'apiVersion: networking.istio.io/v1',
      'kind: VirtualService',
      'metadata:',
      '  name: reviews',
      'spec:',
      '  hosts: [reviews]',
      '  http:',
      '  - route:',
      '    - weight: all',
      '',
    ].join('\n'),
  );
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const explained = (stderr: string) => rejectionOf('kubectl apply -n bookinfo -f route.yaml', stderr, folder);

it.each([
  [
    'The VirtualService "reviews" is invalid: spec.http[0].route[0].weight: Invalid value: "string": spec.http[0].route[0].weight in body must be of type integer: "string"',
    'route.yaml, line 9, VirtualService reviews, spec.http[0].route[0].weight: it must be of type integer, and is string.',
  ],
  [
    'The VirtualService "reviews" is invalid: \n* spec.http[0].route[0].destination: Required value\n* spec: x',
    'route.yaml, line 9, VirtualService reviews, spec.http[0].route[0].destination: it is missing.',
  ],
  [
    'Error from server: error when creating "route.yaml": admission webhook "validation.istio.io" denied the request: configuration is invalid: total destination weight 90 != 100',
    'route.yaml: total destination weight 90 != 100.',
  ],
  [
    'Error from server (BadRequest): error when creating "route.yaml": VirtualService in version "v1" cannot be handled as a VirtualService: strict decoding error: unknown field "spec.htp"',
    'route.yaml, line 6, spec.htp: there is no such field.',
  ],
  [
    'error: resource mapping not found for name: "reviews" namespace: "" from "route.yaml": no matches for kind "VirtualServic" in version "networking.istio.io/v1"\nensure CRDs are installed first',
    'route.yaml: the cluster knows no kind "VirtualServic" in networking.istio.io/v1.',
  ],
])('says in plain words what %j is about', async (stderr, sentence) => {
  expect(await explained(stderr)).toBe(sentence);
});

it.each([
  'Error from server (NotFound): error when creating "route.yaml": namespaces "bookinfo" not found',
  'Error from server (Forbidden): virtualservices is forbidden: User "u" cannot create',
  'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
])('blames no file for %j', async stderr => {
  expect(await explained(stderr)).toBeUndefined();
});

import {describe, expect, it} from 'vitest';
import {apiHarness} from '../testing/api-harness.ts';
import {base64Fault} from './base64.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const secrets = '/api/v1/namespaces/default/secrets';
const map = (metadata: unknown) => ({apiVersion: 'v1', kind: 'ConfigMap', metadata});
const types = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

function nested(depth: number): string {
  return `{"data":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;
}

describe('what a client does wrong is told to it', () => {
  it.each<[keyof typeof types, string, number]>([
    ['json', '[null]', 422],
    ['json', '[{"op":"add"}]', 422],
    ['json', '[{"op":"replace","path":"","value":5}]', 400],
    ['json', '[{"op":"add","path":"/metadata/__proto__/x","value":1}]', 422],
    ['json', '{}', 400],
    ['merge', nested(5000), 400],
    ['merge', '{"metadata":null}', 400],
    ['merge', '{"__proto__":{"a":1}}', 400],
    ['apply', nested(5000), 400],
    ['apply', 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\nx: 2001-01-01', 400],
  ])('in a patch of type %s: %.40s', async (type, body, status) => {
    const {send} = apiHarness();
    await send('POST', maps, map({name: 'a'}));
    const headers = {'content-type': types[type]};
    const answer = await send('PATCH', `${maps}/a?fieldManager=f`, Buffer.from(body), headers);
    expect([answer.status, answer.body.message]).toEqual([
      status,
      status === 200 ? undefined : expect.any(String),
    ]);
    expect(({} as any).a).toBeUndefined();
  });

  it.each([[{name: 'a', '': 'b'}], [{name: 'a', 'x.y': 1, 'z[0]': 2}]])(
    'in the metadata %j, of which the rest is kept',
    async metadata => {
      const {send} = apiHarness();
      const {status, body} = await send('POST', maps, map(metadata));
      expect([status, body.metadata.name, body.metadata['x.y']]).toEqual([201, 'a', undefined]);
    },
  );

  it.each([
    [[], 400],
    [{preconditions: 5}, 400],
    [{gracePeriodSeconds: 'x'}, 400],
    [{dryRun: 'All'}, 400],
    [{propagationPolicy: 'Sideways'}, 422],
  ])('in the options of a deletion, %j', async (options, status) => {
    const {send} = apiHarness();
    await send('POST', maps, map({name: 'a'}));
    expect((await send('DELETE', `${maps}/a`, options)).status).toBe(status);
  });
});

describe('a resourceVersion', () => {
  it.each([
    [
      'x',
      422,
      'configmaps "" is invalid: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
    ],
    [
      '-1',
      422,
      'configmaps "" is invalid: resourceVersion: Invalid value: "-1": strconv.ParseUint: parsing "-1": invalid syntax',
    ],
    ['999999', 504, /^Timeout: Too large resource version: 999999, current: \d+$/],
  ])('%s is refused', async (version, code, message) => {
    const {send} = apiHarness();
    for (const watch of ['', '&watch=true']) {
      const {body} = await send('GET', `${maps}?resourceVersion=${version}${watch}`);
      expect(body).toMatchObject({
        code,
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      });
    }
  });
});

describe('a selector', () => {
  it.each(['constructor', 'toString in (x)', '!absent,valueOf'])(
    'knows no inherited name: %s',
    async selector => {
      const {send} = apiHarness();
      await send('POST', maps, map({name: 'a'}));
      const {body} = await send('GET', `${maps}?labelSelector=${encodeURIComponent(selector)}`);
      expect(body.items).toEqual([]);
    },
  );
});

describe("a service account's token", () => {
  it('ends with the account, and is not that of another one of its name', async () => {
    const {send, server} = apiHarness();
    const accounts = '/api/v1/namespaces/default/serviceaccounts';
    const account = {apiVersion: 'v1', kind: 'ServiceAccount', metadata: {name: 'robot'}};
    await send('POST', accounts, account);
    const {token} = (await send('POST', `${accounts}/robot/token`, {})).body.status;
    const ask = async () =>
      (await server.handle({method: 'GET', url: '/api/v1/pods', headers: {authorization: `Bearer ${token}`}}))
        .status;
    expect(await ask()).toBe(403);
    await send('DELETE', `${accounts}/robot`);
    expect(await ask()).toBe(401);
    await send('POST', accounts, account);
    expect(await ask()).toBe(401);
  });
});

describe('the data of a Secret', () => {
  it('is base64', async () => {
    const {send} = apiHarness();
    const secret = (value: string) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 'a'},
      data: {k: value},
    });
    expect((await send('POST', secrets, secret('not base64!'))).body).toMatchObject({
      code: 400,
      message: 'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3',
    });
    expect((await send('POST', secrets, secret('YWJj'))).status).toBe(201);
  });

  /** As Go 1.26's encoding/base64 reads them. */
  it.each([
    ['', undefined],
    ['YWJj', undefined],
    ['YW\nJj', undefined],
    ['YQ==', undefined],
    ['YQ=\n=', undefined],
    ['YQ', 0],
    ['YWJjZA', 4],
    ['YQ=', 3],
    ['Y===', 1],
    ['YQ==x', 4],
    ['YWI=x', 4],
    ['YWJ-', 3],
  ])('%j is wrong at %s', (text, offset) =>
    expect(base64Fault(text)).toBe(
      offset === undefined ? undefined : `illegal base64 data at input byte ${offset}`,
    ),
  );
});

import {describe, expect, it} from 'vitest';
import {WorkshopError} from '../errors.ts';
import {exampleExpectations, parseExpectations} from './expectations.ts';

function problemsOf(text: string): {detail: string; remedies: readonly unknown[]} {
  try {
    parseExpectations(text, 'gate.yaml');
  } catch (error) {
    if (!(error instanceof WorkshopError)) throw error;
    expect(error).toMatchObject({code: 'bad-expectations', exitCode: 2});
    return {detail: error.detail ?? '', remedies: error.remedies};
  }
  throw new Error('It was read.');
}

describe('a file of expectations', () => {
  it('can be all that the example shows', () => {
    const {url, loads, settle, startUp, namespace, conditions} = parseExpectations(exampleExpectations, 'x');
    expect({url, loads, settle, startUp, namespace}).toEqual({
      url: 'http://localhost:9080/productpage',
      loads: 10,
      settle: 15_000,
      startUp: 30_000,
      namespace: 'bookinfo',
    });
    expect(conditions).toMatchObject([
      {kind: 'stars', wanted: {mode: 'each', visitors: {jason: 'black', john: 'none', anonymous: 'red'}}},
      {kind: 'page', visitor: 'jason', status: 200, fasterThan: 5000},
      {kind: 'request', url: '/api/v1/products', times: 20, codes: [200], rate: 1, fasterThan: 2000},
    ]);
  });

  it('has shares of the loads', () => {
    const {conditions} = parseExpectations('expect: [{stars: {none: 90%, red: 10%, margin: 5%}}]', 'x');
    expect(conditions).toMatchObject([
      {wanted: {mode: 'mix', shares: {none: 0.9, black: 0, red: 0.1}, margin: 0.05}},
    ]);
  });

  it.each([
    ['a field that there is not', 'loadz: 3\nexpect: [{stars: red}]', 1, '"loadz"', 'write "loads"'],
    ['no condition', 'url: http://x/', 1, '"expect" is missing', 'add expect:'],
    ['a condition that there is not', 'expect:\n- star: red', 2, 'unknown condition "star"', 'write "stars"'],
    [
      'one that needs a cluster',
      'expect:\n- crds: {group: istio.io, atLeast: 1}',
      2,
      'crds',
      'stars, page, request',
    ],
    [
      'a colour that there is not',
      'expect:\n\n- stars: {jason: blue}',
      3,
      'stars are one of',
      '- stars: black',
    ],
    ['shares that are not all', 'expect:\n- stars: {none: 20%}', 2, 'add up to 20%', '- stars:'],
    ['a way in', 'expect:\n- stars: red\n  via: gateway', 3, 'unknown field "via"', 'the address says'],
    [
      'a request from a pod',
      'expect:\n- {request: /, from: deploy/a -n b}',
      2,
      'unknown field "from"',
      'the address',
    ],
    ['a page that wants nothing', 'expect:\n- page: /', 2, 'it wants nothing', 'page: /productpage'],
    ['a time without a unit', 'settle: 15\nexpect: [{stars: red}]', 1, '"settle" is wrong', 'settle: 15s'],
    ['an address of something else', 'url: ftp://x\nexpect: [{stars: red}]', 1, 'http://', 'url: https'],
    ['no YAML', 'expect: [', 1, 'not valid YAML', 'line 1'],
  ])('%s is told with its line and what to write', (_, text, line, said, fix) => {
    const {detail, remedies} = problemsOf(text);
    expect(detail).toContain(`gate.yaml:${line}: `);
    expect(detail).toContain(said);
    expect(JSON.stringify(remedies)).toContain(JSON.stringify(fix).slice(1, -1));
  });
});

import {describe, expect, it} from 'vitest';
import {samplesOf} from './checks/prometheus.ts';
import {judgeRule} from './istio/authorization.ts';
import {pathFault} from './istio/validate/authorization-values.ts';
import {decodingFault} from './istio/validate/decoding.ts';
import {gatewaySniFault} from './istio/validate/sni.ts';
import {validateObject} from './sandbox/api/validation/validate.ts';
import {expandText} from './sandbox/exec/shell/expand.ts';
import {JsonPath} from './sandbox/jsonpath.ts';
import {shellLine} from './ui/markdown/highlight.ts';

const long = 300_000;
const many = (part: string) => part.repeat(Math.ceil(long / part.length));
const request = {sourceIp: '10.0.0.1', method: 'GET', authority: 'a', path: '/', port: 80, headers: {}};
const plain = {quiet: (text: string) => text} as unknown as Parameters<typeof shellLine>[1];
const paint = new Proxy(plain, {get: () => (text: string) => text});

function condition(key: string, more: object = {}) {
  return judgeRule({when: [{key, values: ['x']}]}, {...request, ...more}, {} as any);
}

function pod(cpu: string) {
  const containers = [{name: 'c', image: 'i', resources: {requests: {cpu}}}];
  return {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'p', namespace: 'n'}, spec: {containers}};
}

const rule = (idleTimeout: string) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: {name: 'v', namespace: 'n'},
  spec: {trafficPolicy: {connectionPool: {http: {idleTimeout}}}},
});

/** Each took from tens of seconds to forever, as a pattern that tries every place of a text to its end. */
const readings: [what: string, read: () => unknown][] = [
  ['a key of conditions', () => condition(many('['))],
  ['a key of claims', () => condition(`request.auth.claims${many('[')}`, {claims: {}})],
  ['a path of a policy', () => pathFault('paths', [`${many('/')}a${many('/')}b`])],
  ['a duration', () => decodingFault(rule(`${many('1')}x`) as any)],
  ['a host of SNI', () => gatewaySniFault(`outbound_8${many('.')}0_.v1_.b.c`)],
  ['a quantity', () => validateObject('pods', pod(`${many('1')}x`) as any, undefined)],
  ['another quantity', () => validateObject('pods', pod(`${many('1')}\n`) as any, undefined)],
  ['a metric', () => samplesOf(`istio_requests_total{${many('a')}} 1`, 'istio_requests_total')],
  ['a filter of JSONPath', () => new JsonPath(`{.a[?(@.${many('b')}!)]}`)],
  ['another filter of JSONPath', () => new JsonPath(`{.a[?(@.b${many(' ')}=1)]}`)],
  ['a JSONPath that does not end', () => new JsonPath(`{${many('[')}`)],
  ['a line of a shell', () => shellLine(`echo "${many('\\a')}`, paint)],
];

describe('a text that somebody made to take long', () => {
  it.each(readings)('is read in milliseconds: %s', (_what, read) => {
    const startedAt = performance.now();
    try {
      read();
    } catch {
      // Refused, which is as good.
    }
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('is read in milliseconds: what a command printed', async () => {
    const startedAt = performance.now();
    const shell = {substitute: async () => `${many('\n')}a`} as any;
    await expandText([{type: 'command', script: ''}] as any, shell);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

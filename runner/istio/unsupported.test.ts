import {describe, expect, it} from 'vitest';
import {unsupportedFields} from './unsupported.ts';

const object = (kind: string, spec: unknown) => ({apiVersion: 'x/v1', kind, metadata: {name: 'x'}, spec});

describe('unsupportedFields', () => {
  it.each<[kind: string, spec: object, named: string[]]>([
    ['EnvoyFilter', {}, ['EnvoyFilter']],
    ['VirtualService', {hosts: ['a'], http: [{route: [{destination: {host: 'a'}}]}]}, []],
    ['VirtualService', {http: [{match: [{statPrefix: 'a'}]}]}, ['spec.http[0].match[0].statPrefix']],
    [
      'VirtualService',
      {http: [{match: [{headers: {'@request.auth.claims.a': {exact: 'b'}}}]}]},
      ['matching by @request.auth.claims'],
    ],
    ['VirtualService', {tls: [{match: [{sniHosts: ['a']}]}]}, []],
    [
      'DestinationRule',
      {subsets: [{trafficPolicy: {portLevelSettings: [{tls: {mode: 'SIMPLE', sni: 'a'}}]}}]},
      [
        'spec.subsets[0].trafficPolicy.portLevelSettings[0].tls.sni',
        'spec.subsets[0].trafficPolicy.portLevelSettings[0].tls.mode SIMPLE',
      ],
    ],
    [
      'Gateway',
      {servers: [{port: {protocol: 'HTTP2'}}, {port: {protocol: 'TCP'}}]},
      ['spec.servers[1].port.protocol TCP'],
    ],
    ['ServiceEntry', {addresses: ['10.0.0.0/8'], resolution: 'STATIC'}, []],
    ['PeerAuthentication', {portLevelMtls: {'80': {mode: 'STRICT'}}}, []],
    [
      'AuthorizationPolicy',
      {action: 'AUDIT', rules: [{when: [{key: 'connection.sni', values: ['a']}]}]},
      ['spec.action AUDIT', 'connection.sni'],
    ],
    [
      'Telemetry',
      {accessLogging: [{providers: [{name: 'otel'}]}]},
      ['spec.accessLogging[0].providers[0].name otel'],
    ],
  ])('of %s %j', (kind, spec, named) => {
    expect(unsupportedFields(object(kind, spec))).toEqual(named);
  });
});

import {describe, expect, it} from 'vitest';
import {istioCrds} from '../../crds/crds.ts';
import type {KubeObject} from '../../objects.ts';
import type {ResourceType} from '../registry.ts';
import {defaultCustom, pruneCustom, validateCustom} from './custom.ts';
import type {CustomSchema} from './schema-types.ts';
import {unknownFields} from './unknown-fields.ts';

const crds = istioCrds('1.30.3');

function schemaOf(kind: string): CustomSchema {
  return crds.find(crd => crd['spec'].names.kind === kind)?.['spec'].versions[0].schema.openAPIV3Schema;
}

function of(kind: string, spec: object): KubeObject {
  return {apiVersion: 'networking.istio.io/v1', kind, metadata: {name: 'x'}, spec};
}

const errorsOf = (kind: string, spec: object) =>
  validateCustom(schemaOf(kind), of(kind, spec)).map(error => `${error.field}: ${error.message}`);

const unchecked =
  '<nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

const route = (destination: object) => ({hosts: ['reviews'], http: [{route: [destination]}]});
const good = {destination: {host: 'reviews', subset: 'v1'}};

describe('validateCustom', () => {
  it('accepts a good VirtualService', () => expect(errorsOf('VirtualService', route(good))).toEqual([]));

  it.each<[string, string, object, string[]]>([
    [
      'a missing field',
      'VirtualService',
      route({weight: 1}),
      ['spec.http[0].route[0].destination: Required value', unchecked],
    ],
    [
      'a wrong type',
      'VirtualService',
      route({...good, weight: '90'}),
      [
        'spec.http[0].route[0].weight: Invalid value: "string": spec.http[0].route[0].weight in body must be of type integer: "string"',
        unchecked,
      ],
    ],
    [
      'null',
      'VirtualService',
      {hosts: null},
      ['spec.hosts: Invalid value: "null": spec.hosts in body must be of type array: "null"', unchecked],
    ],
    [
      'an unknown enum value',
      'PeerAuthentication',
      {mtls: {mode: 'strict'}},
      [
        'spec.mtls.mode: Unsupported value: "strict": supported values: "UNSET", "DISABLE", "PERMISSIVE", "STRICT"',
        unchecked,
      ],
    ],
    [
      'two fields of a oneOf',
      'VirtualService',
      {http: [{match: [{uri: {exact: '/a', prefix: '/b'}}]}]},
      [
        '<nil>: Invalid value: "": "spec.http[0].match[0].uri" must validate one and only one schema (oneOf). Found 2 valid alternatives',
      ],
    ],
    [
      'a duration that is too short',
      'VirtualService',
      {http: [{timeout: '0s'}]},
      ['spec.http[0].timeout: Invalid value: "string": must be a valid duration greater than 1ms'],
    ],
    [
      'a duration that is none',
      'VirtualService',
      {http: [{timeout: 'soon'}]},
      [
        "spec.http[0].timeout: Invalid value: \"string\": type conversion error from 'string' to 'google.protobuf.Duration' evaluating rule: must be a valid duration greater than 1ms",
      ],
    ],
    [
      'a number out of its bounds',
      'DestinationRule',
      {host: 'a', trafficPolicy: {tunnel: {targetHost: 'b', targetPort: -1}}},
      [
        'spec.trafficPolicy.tunnel.targetPort: Invalid value: -1: spec.trafficPolicy.tunnel.targetPort in body should be greater than or equal to 0',
      ],
    ],
    [
      'a rule of the whole object',
      'PeerAuthentication',
      {portLevelMtls: {'9080': {mode: 'DISABLE'}}},
      ['spec: Invalid value: "object": portLevelMtls requires selector'],
    ],
    [
      'a duplicate in a keyed list',
      'ServiceEntry',
      {
        hosts: ['a.b'],
        ports: [
          {name: 'a', number: 1},
          {name: 'a', number: 2},
        ],
      },
      ['spec.ports[1]: Duplicate value: map[string]interface {}{"name":"a"}'],
    ],
  ])('explains %s', (_, kind, spec, expected) => expect(errorsOf(kind, spec)).toEqual(expected));

  it('says which rule it could not check', () => {
    const heard: string[] = [];
    const schema: CustomSchema = {
      type: 'object',
      properties: {
        spec: {type: 'object', 'x-kubernetes-validations': [{rule: 'self.x.tomorrow()'}, {rule: 'self ~ 1'}]},
      },
    };
    const errors = validateCustom(schema, of('Thing', {x: 1}), undefined, (path, rule) =>
      heard.push(`${path}: ${rule}`),
    );
    expect(errors).toEqual([]);
    expect(heard).toEqual(['spec: self.x.tomorrow()', 'spec: self ~ 1']);
  });

  it('runs rules about changes only where there was something before', () => {
    const schema: CustomSchema = {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          'x-kubernetes-validations': [{rule: 'self.a == oldSelf.a', message: 'a is fixed'}],
        },
      },
    };
    expect(validateCustom(schema, of('Thing', {a: 1}))).toEqual([]);
    expect(validateCustom(schema, of('Thing', {a: 2}), of('Thing', {a: 1}))[0]?.message).toBe(
      'Invalid value: "object": a is fixed',
    );
  });
});

describe('fields that the schema does not know', () => {
  const type = {group: 'networking.istio.io', custom: true, kind: 'VirtualService'} as ResourceType;
  const object = of('VirtualService', {htp: [], http: [{route: [{...good, wieght: 1}]}]});

  it('are found with their path', () => {
    expect(unknownFields(type, 'v1', object, schemaOf('VirtualService')).map(({path}) => path)).toEqual([
      'spec.htp',
      'spec.http[0].route[0].wieght',
    ]);
  });

  it('are pruned, but not where anything may stand', () => {
    const copy = structuredClone(object);
    pruneCustom(schemaOf('VirtualService'), copy);
    expect(copy['spec']).toEqual({http: [{route: [good]}]});
    const filter = of('EnvoyFilter', {configPatches: [{patch: {value: {any: {thing: 1}}}}]});
    const same = structuredClone(filter);
    pruneCustom(schemaOf('EnvoyFilter'), same);
    expect(same).toEqual(filter);
  });
});

describe('built-in kinds', () => {
  it('are checked against the table of messages', () => {
    const type = {group: 'apps', custom: false, kind: 'Deployment'} as ResourceType;
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {name: 'x', labls: {}},
      spec: {
        replica: 1,
        template: {spec: {containers: [{name: 'a', readinessProbe: {httpGet: {port: 1, pth: '/'}}}]}},
      },
    } as unknown as KubeObject;
    expect(unknownFields(type, 'v1', deployment).map(({path}) => path)).toEqual([
      'metadata.labls',
      'spec.replica',
      'spec.template.spec.containers[0].readinessProbe.httpGet.pth',
    ]);
  });
});

/** As kube-apiserver 1.33.13 takes the same objects with Istio's own types. */
describe('what an API server lets pass', () => {
  it('is a null where there may be none, which it takes away, and not one in a list', () => {
    const object: any = of('WorkloadGroup', {
      metadata: null,
      template: {serviceAccount: null, ports: {http: null, grpc: 3550}},
      probe: {httpGet: {port: 80, httpHeaders: [null]}},
    });
    defaultCustom(schemaOf('WorkloadGroup'), object);
    expect(object.spec.template).toEqual({ports: {grpc: 3550}});
    expect(object.spec.probe.httpGet.httpHeaders).toEqual([null]);
    expect(Object.keys(object.spec)).toEqual(['template', 'probe']);
  });

  it('is a number too large for its format, where no maximum is named', () => {
    const spec = {template: {}, probe: {initialDelaySeconds: 99_999_999_999, httpGet: {port: 80}}};
    expect(errorsOf('WorkloadGroup', spec)).toEqual([]);
  });
});

describe('defaultCustom', () => {
  it('fills in nested defaults and leaves the rest alone', () => {
    const schema: CustomSchema = {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          default: {},
          properties: {a: {type: 'integer', default: 1}, b: {type: 'string'}},
        },
      },
    };
    const object = {apiVersion: 'a/v1', kind: 'T', metadata: {name: 'x'}} as KubeObject;
    defaultCustom(schema, object);
    expect(object['spec']).toEqual({a: 1});
  });
});

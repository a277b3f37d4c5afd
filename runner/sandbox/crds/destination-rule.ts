import type {CustomSchema} from '../api/schema/schema-types.ts';
import {
  choice,
  double,
  duration,
  flag,
  int32,
  list,
  map,
  nullable,
  object,
  oneOf,
  text,
  texts,
  uint32,
} from './builders.ts';
import {connectionPool, selector} from './shared.ts';

const uint64: CustomSchema = {type: 'integer', minimum: 0};
const percent: CustomSchema = {...nullable(double), minimum: 0, maximum: 100};

function consistentHash(minor: number): CustomSchema {
  const attributes = list(object({name: text, value: text}, {required: ['name']}));
  return object(
    {
      httpCookie: object(
        {...(minor >= 30 ? {attributes} : {}), name: text, path: text, ttl: text},
        {required: ['name']},
      ),
      httpHeaderName: text,
      httpQueryParameterName: text,
      maglev: object({tableSize: uint64}),
      minimumRingSize: uint64,
      ringHash: object({minimumRingSize: uint64}),
      useSourceIp: flag,
    },
    // What is hashed, and by which algorithm: two choices, so two conditions.
    {
      allOf: [
        oneOf('httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'),
        oneOf('ringHash', 'maglev'),
      ],
    },
  );
}

const localityLbSetting = object({
  distribute: list(object({from: text, to: map(uint32)})),
  enabled: nullable(flag),
  failover: list(object({from: text, to: text})),
  failoverPriority: texts,
});

function loadBalancer(minor: number): CustomSchema {
  return object(
    {
      consistentHash: consistentHash(minor),
      localityLbSetting,
      simple: choice('UNSPECIFIED LEAST_CONN RANDOM PASSTHROUGH ROUND_ROBIN LEAST_REQUEST'),
      warmup: object(
        {
          aggression: {...nullable(double), minimum: minor >= 30 ? 0 : 1},
          duration,
          minimumPercent: percent,
        },
        {required: ['duration']},
      ),
      warmupDurationSecs: duration,
    },
    oneOf('simple', 'consistentHash'),
  );
}

const outlierDetection = object({
  baseEjectionTime: duration,
  consecutive5xxErrors: nullable(uint32),
  consecutiveErrors: int32,
  consecutiveGatewayErrors: nullable(uint32),
  consecutiveLocalOriginFailures: nullable(uint32),
  interval: duration,
  maxEjectionPercent: int32,
  minHealthPercent: int32,
  splitExternalLocalOriginErrors: flag,
});

const clientTls = object({
  caCertificates: text,
  caCrl: text,
  clientCertificate: text,
  credentialName: text,
  insecureSkipVerify: nullable(flag),
  mode: choice('DISABLE SIMPLE MUTUAL ISTIO_MUTUAL'),
  privateKey: text,
  sni: text,
  subjectAltNames: texts,
});

function trafficPolicy(minor: number): CustomSchema {
  const common = {connectionPool, loadBalancer: loadBalancer(minor), outlierDetection, tls: clientTls};
  return object({
    ...common,
    portLevelSettings: list(object({...common, port: object({number: uint32})}), {maxItems: 4096}),
    proxyProtocol: object({version: choice('V1 V2')}),
    retryBudget: object({minRetryConcurrency: uint32, percent}),
    tunnel: object(
      {protocol: text, targetHost: text, targetPort: uint32},
      {required: ['targetHost', 'targetPort']},
    ),
  });
}

export function destinationRuleSpec(minor: number): CustomSchema {
  const policy = trafficPolicy(minor);
  return object(
    {
      exportTo: texts,
      host: text,
      subsets: list(object({labels: map(text), name: text, trafficPolicy: policy}, {required: ['name']})),
      trafficPolicy: policy,
      workloadSelector: selector,
    },
    {required: ['host']},
  );
}

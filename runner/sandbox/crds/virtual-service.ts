import type {CustomSchema} from '../api/schema/schema-types.ts';
import {
  choice,
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
import {destination, percentage, stringMatch} from './shared.ts';

const headerOperations = object({add: map(text), remove: texts, set: map(text)});
const headers = object({request: headerOperations, response: headerOperations});

const httpMatch = object({
  authority: stringMatch,
  gateways: texts,
  headers: map(stringMatch),
  ignoreUriCase: flag,
  method: stringMatch,
  name: text,
  port: uint32,
  queryParams: map(stringMatch),
  scheme: stringMatch,
  sourceLabels: map(text),
  sourceNamespace: text,
  statPrefix: text,
  uri: stringMatch,
  withoutHeaders: map(stringMatch),
});

const fault = object({
  abort: object(
    {grpcStatus: text, http2Error: text, httpStatus: int32, percentage},
    oneOf('httpStatus', 'grpcStatus', 'http2Error'),
  ),
  delay: object(
    {exponentialDelay: duration, fixedDelay: duration, percent: int32, percentage},
    oneOf('fixedDelay', 'exponentialDelay'),
  ),
});

const corsPolicy = object({
  allowCredentials: nullable(flag),
  allowHeaders: texts,
  allowMethods: texts,
  allowOrigin: texts,
  allowOrigins: list(stringMatch),
  exposeHeaders: texts,
  maxAge: duration,
  unmatchedPreflights: choice('UNSPECIFIED FORWARD IGNORE'),
});

const redirect = object(
  {
    authority: text,
    derivePort: choice('FROM_PROTOCOL_DEFAULT FROM_REQUEST_PORT'),
    port: uint32,
    redirectCode: uint32,
    scheme: text,
    uri: text,
  },
  oneOf('port', 'derivePort'),
);

const retries = object({
  attempts: int32,
  backoff: duration,
  perTryTimeout: duration,
  retryIgnorePreviousHosts: nullable(flag),
  retryOn: text,
  retryRemoteLocalities: nullable(flag),
});

function httpRoute(minor: number): CustomSchema {
  const bytes = {type: 'string', format: minor >= 30 ? 'byte' : 'binary'};
  return object({
    corsPolicy,
    delegate: object({name: text, namespace: text}),
    directResponse: object(
      {body: object({bytes, string: text}, oneOf('string', 'bytes')), status: uint32},
      {required: ['status']},
    ),
    fault,
    headers,
    match: list(httpMatch),
    mirror: destination,
    mirror_percent: nullable(uint32),
    mirrorPercent: nullable(uint32),
    mirrorPercentage: percentage,
    mirrors: list(object({destination, percentage}, {required: ['destination']})),
    name: text,
    redirect,
    retries,
    rewrite: object({authority: text, uri: text, uriRegexRewrite: object({match: text, rewrite: text})}),
    route: list(object({destination, headers, weight: int32}, {required: ['destination']})),
    timeout: duration,
  });
}

const l4Match = {
  destinationSubnets: texts,
  gateways: texts,
  port: uint32,
  sourceLabels: map(text),
  sourceNamespace: text,
};

const l4Routes = list(object({destination, weight: int32}, {required: ['destination']}));

export function virtualServiceSpec(minor: number): CustomSchema {
  return object({
    exportTo: texts,
    gateways: texts,
    hosts: texts,
    http: list(httpRoute(minor)),
    tcp: list(object({match: list(object({...l4Match, sourceSubnet: text})), route: l4Routes})),
    tls: list(
      object(
        {match: list(object({...l4Match, sniHosts: texts}, {required: ['sniHosts']})), route: l4Routes},
        {required: ['match']},
      ),
    ),
  });
}

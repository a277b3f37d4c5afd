import type {CustomSchema} from '../api/schema/schema-types.ts';
import {
  atMostOne,
  choice,
  duration,
  flag,
  int32,
  list,
  map,
  object,
  oneOf,
  text,
  texts,
  uint32,
  withRules,
} from './builders.ts';

/** Parts that several of Istio's kinds share. */

export const stringMatch = object(
  {exact: text, prefix: text, regex: text},
  oneOf('exact', 'prefix', 'regex'),
);

export const destination = object(
  {host: text, port: object({number: uint32}), subset: text},
  {required: ['host']},
);

export const percentage = object({value: {type: 'number', format: 'double'}});

const noWildcard = {rule: "!self.contains('*')"};

/** `selector` of policies: labels of the pods that a resource is for. */
export const selector = object({
  matchLabels: withRules(
    map(
      withRules(
        {...text, maxLength: 63},
        {message: 'wildcard not allowed in label value match', ...noWildcard},
      ),
      {
        maxProperties: 4096,
      },
    ),
    {message: 'wildcard not allowed in label key match', rule: "!self.exists(key, key.contains('*'))"},
    {message: 'key must not be empty', rule: "!self.exists(key, key == '')"},
  ),
});

/** `workloadSelector` of the networking kinds. */
export const workloadSelector = object({
  labels: map(
    withRules({...text, maxLength: 63}, {message: 'wildcard is not supported in selector', ...noWildcard}),
    {
      maxProperties: 256,
    },
  ),
});

export const targetRef = object(
  {
    group: {
      ...text,
      maxLength: 253,
      pattern: String.raw`^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`,
    },
    kind: {...text, minLength: 1, maxLength: 63, pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$'},
    name: {...text, minLength: 1, maxLength: 253},
    namespace: withRules(text, {
      message: 'cross namespace referencing is not currently supported',
      rule: "self == ''",
    }),
  },
  {required: ['kind', 'name']},
);

export const targetRefs = list(targetRef, {maxItems: 16});

/** What policies attach to: all of the three fields, of which one may be set. */
export const policyTargets = {selector, targetRef, targetRefs};

export const oneTarget = atMostOne(
  ['selector', 'targetRef', 'targetRefs'],
  'only one of targetRefs or selector can be set',
);

export const connectionPool = object({
  http: object({
    h2UpgradePolicy: choice('DEFAULT DO_NOT_UPGRADE UPGRADE'),
    http1MaxPendingRequests: int32,
    http2MaxRequests: int32,
    idleTimeout: duration,
    maxConcurrentStreams: int32,
    maxRequestsPerConnection: int32,
    maxRetries: int32,
    useClientProtocol: flag,
  }),
  tcp: object({
    connectTimeout: duration,
    idleTimeout: text,
    maxConnectionDuration: duration,
    maxConnections: int32,
    tcpKeepalive: object({interval: duration, probes: uint32, time: duration}),
  }),
});

/** A port of a Gateway or Sidecar. */
export const portFields = {name: text, number: uint32, protocol: text, targetPort: uint32};

/** TLS of a server: of a Gateway, or of a Sidecar's ingress. */
export function serverTls(minor: number): CustomSchema {
  const versions = choice('TLS_AUTO TLSV1_0 TLSV1_1 TLSV1_2 TLSV1_3');
  const certificates = {minItems: 1, maxItems: 2};
  const tls = object({
    ...(minor >= 30 ? {caCertCredentialName: text} : {}),
    caCertificates: text,
    caCrl: text,
    cipherSuites: texts,
    credentialName: text,
    credentialNames: list(text, certificates),
    httpsRedirect: flag,
    maxProtocolVersion: versions,
    minProtocolVersion: versions,
    mode: choice('PASSTHROUGH SIMPLE MUTUAL AUTO_PASSTHROUGH ISTIO_MUTUAL OPTIONAL_MUTUAL'),
    privateKey: text,
    serverCertificate: text,
    subjectAltNames: texts,
    tlsCertificates: list(
      object({caCertificates: text, privateKey: text, serverCertificate: text}),
      certificates,
    ),
    verifyCertificateHash: texts,
    verifyCertificateSpki: texts,
  });
  // Istio's message of the third rule names credentialName, while what it compares is credentialNames.
  return withRules(
    tls,
    atMostOne(
      ['tlsCertificates', 'credentialNames'],
      'only one of credentialNames or tlsCertificates can be set',
    ),
    atMostOne(
      ['credentialName', 'credentialNames'],
      'only one of credentialName or credentialNames can be set',
    ),
    atMostOne(
      ['credentialNames', 'tlsCertificates'],
      'only one of credentialName or tlsCertificates can be set',
    ),
  );
}

/** `status` of every kind: what istiod reports back. */
export const status = object(
  {
    conditions: list(
      object({
        lastProbeTime: {type: 'string', format: 'date-time'},
        lastTransitionTime: {type: 'string', format: 'date-time'},
        message: text,
        observedGeneration: intOrString(),
        reason: text,
        status: text,
        type: text,
      }),
    ),
    observedGeneration: intOrString(),
    validationMessages: list(
      object({
        documentationUrl: text,
        level: choice('UNKNOWN ERROR WARNING INFO'),
        type: object({code: text, name: text}),
      }),
    ),
  },
  {'x-kubernetes-preserve-unknown-fields': true},
);

function intOrString(): CustomSchema {
  return {anyOf: [{type: 'integer'}, {type: 'string'}], 'x-kubernetes-int-or-string': true};
}

import type {CustomSchema} from '../api/schema/schema-types.ts';
import {
  atMostOne,
  checkedPort,
  choice,
  keyedList,
  list,
  map,
  object,
  oneOf,
  text,
  texts,
  uint32,
  withRules,
} from './builders.ts';
import {workloadSelector} from './shared.ts';

const socketAddress = withRules(
  {...text, maxLength: 256},
  {
    message: 'UDS must be an absolute path or abstract socket',
    rule: "!self.startsWith('unix://') || self.substring(7, 8) in ['/', '@']",
  },
  {message: 'UDS may not be a dir', rule: "!self.startsWith('unix://') || !self.endsWith('/')"},
);

/** One workload outside of Kubernetes. */
const workload = withRules(
  object({
    address: socketAddress,
    labels: map(text, {maxProperties: 256}),
    locality: {...text, maxLength: 2048},
    network: {...text, maxLength: 2048},
    ports: withRules(map(checkedPort, {maxProperties: 128}), {
      message: 'port name must be valid',
      rule: "self.all(name, name.size() < 63 && name.matches('^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$'))",
    }),
    serviceAccount: {...text, maxLength: 253},
    weight: uint32,
  }),
  {
    message: 'UDS may not include ports',
    rule: "!has(self.address) || !self.address.startsWith('unix://') || !has(self.ports)",
  },
);

/** As above, where it must be reachable: a template of a group need not be. */
const reachableWorkload: CustomSchema = {
  ...workload,
  'x-kubernetes-validations': [
    {message: 'Address is required', rule: 'has(self.address) || has(self.network)'},
    ...(workload['x-kubernetes-validations'] ?? []),
  ],
};

export function serviceEntrySpec(minor: number): CustomSchema {
  const ports = keyedList(
    'name',
    object(
      {
        name: {...text, maxLength: 256},
        number: checkedPort,
        protocol: {...text, maxLength: 256},
        targetPort: checkedPort,
      },
      {required: ['number', 'name']},
    ),
    {maxItems: 256},
  );
  const resolutions = 'NONE STATIC DNS DNS_ROUND_ROBIN';
  return withRules(
    object(
      {
        addresses: list({...text, maxLength: 64}, {maxItems: 256}),
        endpoints: list(reachableWorkload, {maxItems: 4096}),
        exportTo: texts,
        hosts: list(withRules(text, {message: 'hostname cannot be wildcard', rule: "self != '*'"}), {
          minItems: 1,
          maxItems: 256,
        }),
        location: choice('MESH_EXTERNAL MESH_INTERNAL'),
        ports: withRules(ports, {
          message: 'port number cannot be duplicated',
          rule: 'self.all(one, self.filter(other, other.number == one.number).size() == 1)',
        }),
        resolution: choice(minor >= 30 ? `${resolutions} DYNAMIC_DNS` : resolutions),
        subjectAltNames: texts,
        workloadSelector,
      },
      {required: ['hosts']},
    ),
    atMostOne(['workloadSelector', 'endpoints'], 'only one of WorkloadSelector or Endpoints can be set'),
    {
      message: 'CIDR addresses are allowed only for NONE/STATIC resolution types',
      rule: "!has(self.resolution) || self.resolution in ['NONE', 'STATIC'] || !has(self.addresses) || !self.addresses.exists(address, address.contains('/'))",
    },
    {
      message: 'NONE mode cannot set endpoints',
      rule: "(has(self.resolution) && self.resolution != 'NONE') || !has(self.endpoints)",
    },
    {
      message: 'DNS_ROUND_ROBIN mode cannot have multiple endpoints',
      rule: "!has(self.resolution) || self.resolution != 'DNS_ROUND_ROBIN' || !has(self.endpoints) || self.endpoints.size() <= 1",
    },
  );
}

export function workloadEntrySpec(): CustomSchema {
  return reachableWorkload;
}

export function workloadGroupSpec(): CustomSchema {
  const count: CustomSchema = {type: 'integer', format: 'int32', minimum: 0};
  const labels = map(text, {maxProperties: 256});
  const probe = object(
    {
      exec: object({command: list({...text, minLength: 1})}, {required: ['command']}),
      failureThreshold: count,
      grpc: object({port: checkedPort, service: text}),
      httpGet: object(
        {
          host: text,
          httpHeaders: list(object({name: {...text, pattern: '^[-_A-Za-z0-9]+$'}, value: text})),
          path: text,
          port: checkedPort,
          scheme: withRules(text, {
            message: 'scheme must be one of [HTTP, HTTPS]',
            rule: "self in ['', 'HTTP', 'HTTPS']",
          }),
        },
        {required: ['port']},
      ),
      initialDelaySeconds: count,
      periodSeconds: count,
      successThreshold: count,
      tcpSocket: object({host: text, port: checkedPort}, {required: ['port']}),
      timeoutSeconds: count,
    },
    oneOf('httpGet', 'tcpSocket', 'exec', 'grpc'),
  );
  return object(
    {metadata: object({annotations: labels, labels}), probe, template: workload},
    {required: ['template']},
  );
}

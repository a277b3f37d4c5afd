import type {CustomSchema} from '../api/schema/schema-types.ts';
import {
  anything,
  atMostOne,
  checkedPort,
  choice,
  int32,
  keyedList,
  list,
  map,
  nullable,
  object,
  oneOf,
  text,
  uint32,
  withRules,
} from './builders.ts';
import {oneTarget, policyTargets, selector, targetRefs, workloadSelector} from './shared.ts';

const schemes = "['', 'http', 'https', 'file', 'oci']";

const variables = keyedList(
  'name',
  withRules(
    object(
      {
        name: {...text, minLength: 1, maxLength: 256},
        value: {...text, maxLength: 2048},
        valueFrom: choice('INLINE HOST'),
      },
      {required: ['name']},
    ),
    {
      message: 'value may only be set when valueFrom is INLINE',
      rule: "!has(self.valueFrom) || self.valueFrom != 'HOST' || !has(self.value)",
    },
  ),
  {maxItems: 256},
);

/** Where a Wasm module comes from and how it runs. */
const wasmFields: Record<string, CustomSchema> = {
  failStrategy: choice('FAIL_CLOSE FAIL_OPEN FAIL_RELOAD'),
  imagePullPolicy: choice('UNSPECIFIED_POLICY IfNotPresent Always'),
  imagePullSecret: {...text, minLength: 1, maxLength: 253},
  pluginConfig: anything,
  pluginName: {...text, minLength: 1, maxLength: 256},
  sha256: {...text, pattern: '(^$|^[a-f0-9]{64}$)'},
  type: choice('UNSPECIFIED_PLUGIN_TYPE HTTP NETWORK'),
  url: withRules(
    {...text, minLength: 1},
    {
      message: 'url must have schema one of [http, https, file, oci]',
      rule: `isURL(self) ? url(self).getScheme() in ${schemes} : isURL('http://' + self) && url('http://' + self).getScheme() in ${schemes}`,
    },
  ),
  verificationKey: text,
  vmConfig: object({env: variables}),
};

const match = list(
  object({
    mode: choice('UNDEFINED CLIENT SERVER CLIENT_AND_SERVER'),
    ports: keyedList(
      'number',
      object({number: {type: 'integer', minimum: 1, maximum: 65_535}}, {required: ['number']}),
    ),
  }),
);

export function wasmPluginSpec(): CustomSchema {
  return withRules(
    object(
      {
        ...wasmFields,
        match,
        phase: choice('UNSPECIFIED_PHASE AUTHN AUTHZ STATS'),
        priority: nullable(int32),
        ...policyTargets,
      },
      {required: ['url']},
    ),
    oneTarget,
  );
}

export function trafficExtensionSpec(): CustomSchema {
  return withRules(
    object(
      {
        lua: object({inlineCode: {...text, minLength: 1, maxLength: 65_536}}, {required: ['inlineCode']}),
        match,
        phase: choice('UNSPECIFIED AUTHN AUTHZ STATS'),
        priority: nullable(int32),
        selector,
        targetRefs,
        wasm: object(wasmFields, {required: ['url']}),
      },
      oneOf('wasm', 'lua'),
    ),
    atMostOne(['selector', 'targetRefs'], 'only one of targetRefs or selector can be set'),
    {message: 'exactly one of wasm or lua must be set', rule: 'has(self.wasm) != has(self.lua)'},
  );
}

const filter = object({name: text, subFilter: object({name: text})});

/** Which part of a proxy's configuration a patch is for. */
function patchMatch(minor: number): CustomSchema {
  const waypoints = minor >= 30;
  const contexts = 'ANY SIDECAR_INBOUND SIDECAR_OUTBOUND GATEWAY';
  const places = ['listener', 'routeConfiguration', 'cluster', ...(waypoints ? ['waypoint'] : [])];
  const schema = object(
    {
      cluster: object({name: text, portNumber: uint32, service: text, subset: text}),
      context: choice(waypoints ? `${contexts} WAYPOINT` : contexts),
      listener: object({
        filterChain: object({
          applicationProtocols: text,
          destinationPort: uint32,
          filter,
          name: text,
          sni: text,
          transportProtocol: text,
        }),
        listenerFilter: text,
        name: text,
        portName: text,
        portNumber: uint32,
      }),
      proxy: object({metadata: map(text), proxyVersion: text}),
      routeConfiguration: object({
        gateway: text,
        name: text,
        portName: text,
        portNumber: uint32,
        vhost: object({
          domainName: text,
          name: text,
          route: object({action: choice('ANY ROUTE REDIRECT DIRECT_RESPONSE'), name: text}),
        }),
      }),
      ...(waypoints
        ? {waypoint: object({filter, portNumber: checkedPort, route: object({name: text})})}
        : {}),
    },
    oneOf(...places),
  );
  if (!waypoints) return schema;
  return withRules(schema, {
    message: 'only support waypointMatch when context is WAYPOINT',
    rule: "has(self.waypoint) == (has(self.context) && self.context == 'WAYPOINT')",
  });
}

export function envoyFilterSpec(minor: number): CustomSchema {
  const patch = object({
    filterClass: choice('UNSPECIFIED AUTHN AUTHZ STATS'),
    operation: choice('INVALID MERGE ADD REMOVE INSERT_BEFORE INSERT_AFTER INSERT_FIRST REPLACE'),
    value: anything,
  });
  const applyTo = choice(
    'INVALID LISTENER FILTER_CHAIN NETWORK_FILTER HTTP_FILTER ROUTE_CONFIGURATION VIRTUAL_HOST HTTP_ROUTE CLUSTER EXTENSION_CONFIG BOOTSTRAP LISTENER_FILTER',
  );
  return withRules(
    object({
      configPatches: list(object({applyTo, match: patchMatch(minor), patch})),
      priority: int32,
      targetRefs,
      workloadSelector,
    }),
    atMostOne(['workloadSelector', 'targetRefs'], 'only one of targetRefs or workloadSelector can be set'),
  );
}

export function proxyConfigSpec(): CustomSchema {
  return object({
    concurrency: {...nullable(int32), minimum: 0},
    environmentVariables: map({...text, maxLength: 2048}),
    image: object({imageType: text}),
    selector,
  });
}

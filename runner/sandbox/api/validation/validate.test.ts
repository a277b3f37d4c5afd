import {describe, expect, it} from 'vitest';
import {applyDefaults} from '../defaults/defaults.ts';
import {validateObject} from './validate.ts';

const base: Record<string, any> = {
  'deployments.apps': {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'reviews-v1', labels: {app: 'reviews'}},
    spec: {
      selector: {matchLabels: {app: 'reviews'}},
      template: {
        metadata: {labels: {app: 'reviews'}},
        spec: {containers: [{name: 'reviews', image: 'i:1', ports: [{containerPort: 9080}]}]},
      },
    },
  },
  services: {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'reviews'},
    spec: {ports: [{name: 'http', port: 9080}], selector: {app: 'reviews'}},
  },
  configmaps: {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'c'}, data: {a: 'b'}},
  namespaces: {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'bookinfo'}},
};

function made(name: string, change: (object: any) => void = () => {}): any {
  const object = structuredClone(base[name]);
  change(object);
  applyDefaults(name, object);
  return object;
}

/** `field: message` of every error. */
function errorsOf(name: string, change: (object: any) => void, old?: any): string[] {
  return validateObject(name, made(name, change), old).map(error => `${error.field}: ${error.message}`);
}

describe('validateObject', () => {
  it.each(Object.keys(base))('finds nothing in a good one of %s', name => {
    expect(errorsOf(name, () => {})).toEqual([]);
    expect(errorsOf(name, () => {}, made(name))).toEqual([]);
  });

  it('checks names, labels and the size of annotations', () => {
    expect(
      errorsOf('configmaps', o => {
        o.metadata.name = 'Upper';
      })[0],
    ).toBe(
      "metadata.name: Invalid value: \"Upper\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    );
    expect(
      errorsOf('namespaces', o => {
        o.metadata.name = 'a.b';
      })[0],
    ).toContain('a lowercase RFC 1123 label must');
    expect(
      errorsOf('services', o => {
        o.metadata.name = '1a';
      })[0],
    ).toContain('a DNS-1035 label must');
    expect(
      errorsOf('configmaps', o => {
        o.metadata.labels = {a: 'b c'};
      })[0],
    ).toContain('a valid label must be an empty string');
    expect(
      errorsOf('configmaps', o => {
        o.metadata.annotations = {a: 'x'.repeat(262_144)};
      }),
    ).toEqual(['metadata.annotations: Too long: may not be more than 262144 bytes']);
  });

  it('wants a selector that matches its own template', () => {
    expect(
      errorsOf('deployments.apps', o => {
        o.spec.template.metadata.labels = {app: 'other'};
      }),
    ).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` does not match template `labels`',
    ]);
    expect(
      errorsOf('deployments.apps', o => {
        o.spec.selector = {};
      }),
    ).toContain('spec.selector: Invalid value: {}: empty selector is invalid for deployment');
  });

  it('keeps the selector of a Deployment as it was', () => {
    const change = (o: any) => {
      o.spec.selector.matchLabels = {app: 'new'};
      o.spec.template.metadata.labels = {app: 'new'};
    };
    expect(errorsOf('deployments.apps', change, made('deployments.apps'))).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"new"}}: field is immutable',
    ]);
  });

  it('checks replicas and containers', () => {
    expect(
      errorsOf('deployments.apps', o => {
        o.spec.replicas = -1;
      }),
    ).toEqual(['spec.replicas: Invalid value: -1: must be greater than or equal to 0']);
    expect(
      errorsOf('deployments.apps', o => {
        o.spec.template.spec.containers = [];
      }),
    ).toEqual(['spec.template.spec.containers: Required value']);
    const two = [{name: 'a', image: 'i'}, {name: 'a'}];
    expect(
      errorsOf('deployments.apps', o => {
        o.spec.template.spec.containers = two;
      }),
    ).toEqual([
      'spec.template.spec.containers[1].name: Duplicate value: "a"',
      'spec.template.spec.containers[1].image: Required value',
    ]);
    expect(
      errorsOf('deployments.apps', o => {
        o.spec.template.spec.containers[0].ports = [{containerPort: 70_000}];
      }),
    ).toEqual([
      'spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ]);
    expect(
      errorsOf('deployments.apps', o => {
        o.spec.template.spec.containers[0].volumeMounts = [{name: 'x', mountPath: '/x'}];
      }),
    ).toEqual(['spec.template.spec.containers[0].volumeMounts[0].name: Not found: "x"']);
  });

  it('checks the ports of a Service, and keeps its address', () => {
    expect(
      errorsOf('services', o => {
        o.spec.ports = [{port: 80}, {port: 81}];
      }),
    ).toEqual(['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value']);
    expect(
      errorsOf('services', o => {
        o.spec.ports = [];
      }),
    ).toEqual(['spec.ports: Required value']);
    expect(
      errorsOf('services', o => {
        o.spec.type = 'Loadbalancer';
      }),
    ).toEqual([
      'spec.type: Unsupported value: "Loadbalancer": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ]);
    const old = made('services', o => {
      o.spec.clusterIP = '10.96.0.1';
    });
    expect(
      errorsOf(
        'services',
        o => {
          o.spec.clusterIP = '10.96.0.2';
        },
        old,
      ),
    ).toEqual(['spec.clusterIPs[0]: Invalid value: []string{"10.96.0.2"}: may not change once set']);
  });

  it('holds what is immutable', () => {
    const old = made('configmaps', o => {
      o.immutable = true;
    });
    expect(
      errorsOf('configmaps', o => void Object.assign(o, {immutable: true, data: {a: 'c'}}), old),
    ).toEqual(['data: Forbidden: field is immutable when `immutable` is set']);
  });
});

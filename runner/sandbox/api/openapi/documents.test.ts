import {describe, expect, it} from 'vitest';
import {istioCrds} from '../../crds/crds.ts';
import type {ResourceType} from '../registry.ts';
import {openApiDocument, openApiHash, openApiIndex} from './documents.ts';
import {openApiVersion2} from './version-2.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const shared = {shortNames: [], categories: [], namespaced: true, verbs, subresources: [], singular: ''};
const deployments: ResourceType = {
  ...shared,
  group: 'apps',
  versions: ['v1'],
  resource: 'deployments',
  kind: 'Deployment',
  custom: false,
};
const virtualServices: ResourceType = {
  ...shared,
  group: 'networking.istio.io',
  versions: ['v1', 'v1beta1'],
  resource: 'virtualservices',
  kind: 'VirtualService',
  custom: true,
};
const types = [deployments, virtualServices];
const crds = istioCrds('1.30.3');

describe('OpenAPI v3', () => {
  it('lists one document for each group version', () => {
    expect(Object.keys(openApiIndex(types, crds).paths)).toEqual([
      'apis/apps/v1',
      'apis/networking.istio.io/v1',
      'apis/networking.istio.io/v1beta1',
    ]);
  });

  it('changes the hash of a group with its definitions, and of that group alone', () => {
    const changed = structuredClone(crds);
    for (const crd of changed) crd['spec'].versions[0].schema.openAPIV3Schema.description = 'changed';
    expect(openApiHash('networking.istio.io/v1', types, changed)).not.toBe(
      openApiHash('networking.istio.io/v1', types, crds),
    );
    expect(openApiHash('apps/v1', types, changed)).toBe(openApiHash('apps/v1', types, crds));
  });

  it('says that a PATCH takes fieldValidation, and names no strategic merge', () => {
    const document = openApiDocument('apps/v1', types, crds) as any;
    const {patch} = document.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];
    expect(patch['x-kubernetes-group-version-kind']).toEqual({
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
    });
    expect(patch.parameters.map((one: {name: string}) => one.name)).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
    ]);
    expect(JSON.stringify(document)).not.toContain('strategic-merge-patch');
  });

  it('has every schema that another one refers to', () => {
    for (const groupVersion of ['apps/v1', 'networking.istio.io/v1']) {
      const document = openApiDocument(groupVersion, types, crds) as any;
      const names = Object.keys(document.components.schemas);
      const referred = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
        match => match[1],
      );
      expect(referred.length).toBeGreaterThan(0);
      expect(referred.filter(name => !names.includes(name ?? ''))).toEqual([]);
    }
  });

  it('describes custom kinds by their own schema', () => {
    const document = openApiDocument('networking.istio.io/v1', types, crds) as any;
    const schema = document.components.schemas['io.istio.networking.v1.VirtualService'];
    expect(schema.properties.spec.properties.http.items.properties.timeout.type).toBe('string');
    expect(schema.properties.metadata.allOf[0].$ref).toContain('ObjectMeta');
    expect(schema['x-kubernetes-group-version-kind']).toEqual([
      {group: 'networking.istio.io', version: 'v1', kind: 'VirtualService'},
    ]);
  });
});

describe('OpenAPI v2', () => {
  it('is a protobuf document that names its version and nothing else', () => {
    const bytes = Buffer.from(openApiVersion2());
    expect(bytes.subarray(0, 5).toString('latin1')).toBe('\n\x032.0');
    expect(bytes.subarray(-2)).toEqual(Buffer.from([0x42, 0]));
  });
});

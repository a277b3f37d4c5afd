import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {parseAllDocuments} from 'yaml';
import type {ResourceType} from '../api/registry.ts';
import {validateCustom} from '../api/schema/custom.ts';
import type {CustomSchema} from '../api/schema/schema-types.ts';
import {unknownFields} from '../api/schema/unknown-fields.ts';
import type {KubeObject} from '../objects.ts';
import {istioCrds} from './crds.ts';
import {mutations} from './mutations.ts';

const here = import.meta.dirname;
const shared = join(here, '../../../../shared/fixtures');
const custom = {custom: true} as ResourceType;

function documents(text: string): KubeObject[] {
  return parseAllDocuments(text)
    .map(document => document.toJS())
    .filter(Boolean);
}

function yamlFiles(folder: string): string[] {
  const files = readdirSync(folder, {recursive: true, encoding: 'utf8'});
  return files.filter(file => file.endsWith('.yaml')).map(file => join(folder, file));
}

const corpus = documents(readFileSync(join(here, 'corpus.yaml'), 'utf8'));

type Schemas = Map<string, CustomSchema>;

function schemasOf(crds: readonly KubeObject[]): Schemas {
  return new Map(crds.map(crd => [crd['spec'].names.kind, crd['spec'].versions[0].schema.openAPIV3Schema]));
}

/** All that a client would be told of an object, warnings about unchecked rules included. */
function verdict(schema: CustomSchema, object: KubeObject): string[] {
  const unchecked: string[] = [];
  const errors = validateCustom(schema, object, undefined, (path, rule) =>
    unchecked.push(`${path}: unchecked ${rule}`),
  );
  const unknown = unknownFields(custom, 'v1', object, schema).map(({path}) => `unknown field ${path}`);
  return [...unknown, ...errors.map(error => `${error.field}: ${error.message}`), ...unchecked].sort();
}

describe("the schemas of Istio's kinds", () => {
  const schemas = schemasOf(istioCrds('1.30.3'));
  const schemaOf = (object: KubeObject) => schemas.get(object.kind) as CustomSchema;

  it('have a good object of every kind to start from', () => {
    expect(corpus.map(object => object.kind).sort()).toEqual([...schemas.keys()].sort());
    for (const object of corpus) expect(verdict(schemaOf(object), object), object.kind).toEqual([]);
  });

  it.each(corpus.map(object => [object.kind, object] as const))(
    'notice unknown fields anywhere in %s',
    (_, object) => {
      const broken = [...mutations(object)].filter(({what}) => what.endsWith('with an unknown field'));
      // Where anything may stand, nothing is unknown.
      const free =
        /pluginConfig|patch\.value|[lL]abels|annotations|environmentVariables|headers|Headers|queryParams|\.(to|set|add)\b|customTags|tagOverrides|ports( |$)|portLevelMtls/;
      const missed = broken.filter(
        one =>
          !free.test(one.what) &&
          !verdict(schemaOf(object), one.object).some(text => text.includes('unheardOf')),
      );
      expect(broken.length).toBeGreaterThan(0);
      expect(missed.map(one => one.what)).toEqual([]);
    },
  );
});

for (const version of ['1.27.1', '1.30.3']) {
  const root = join(shared, `istio-${version}`);
  const present = existsSync(root);
  const why = present ? '' : ' (skipped: ../shared/fixtures is not there)';
  describe.skipIf(!present)(`as Istio ${version}'s own definitions${why}`, () => {
    const theirs = present
      ? schemasOf(documents(readFileSync(join(root, 'manifests/charts/base/files/crd-all.gen.yaml'), 'utf8')))
      : new Map<string, CustomSchema>();
    const ours = schemasOf(istioCrds(version));
    const samples = present
      ? yamlFiles(join(root, 'samples')).flatMap(file => documents(readFileSync(file, 'utf8')))
      : [];
    const objects = [...corpus, ...samples.filter(sample => sample.apiVersion?.includes('.istio.io/'))];
    const kinds = [...new Set(objects.map(object => object.kind))].filter(kind => theirs.has(kind));

    it('accepts the samples', () => {
      for (const sample of samples.filter(
        one => ours.has(one.kind) && one.apiVersion.includes('.istio.io/'),
      )) {
        expect(verdict(ours.get(sample.kind) as CustomSchema, sample), sample.metadata.name).toEqual([]);
      }
    });

    it.each(kinds)('says the same of broken objects of kind %s', kind => {
      const own = ours.get(kind) as CustomSchema;
      const other = theirs.get(kind) as CustomSchema;
      const different: unknown[] = [];
      let count = 0;
      for (const object of objects.filter(one => one.kind === kind)) {
        // The samples are many and alike: of theirs, every 31st will do.
        const stride = corpus.includes(object) ? 1 : 31;
        const all = [{what: 'unchanged', object}, ...mutations(object)];
        for (const {what, object: broken} of all.filter((_, index) => index % stride === 0)) {
          count += 1;
          const said = verdict(own, broken);
          const expected = verdict(other, broken);
          if (JSON.stringify(said) !== JSON.stringify(expected)) different.push({what, said, expected});
        }
      }
      expect(count).toBeGreaterThan(50);
      expect(different.slice(0, 5)).toEqual([]);
    });
  });
}

import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {parseAllDocuments} from 'yaml';
import type {KubeObject} from '../objects.ts';
import {istioCrds} from './crds.ts';

const shared = join(import.meta.dirname, '../../../../shared/fixtures');
const fileOf = (version: string) =>
  join(shared, `istio-${version}/manifests/charts/base/files/crd-all.gen.yaml`);

/** A definition without what is ours: descriptions, and the wording of rules (their messages stay). */
function comparable(value: any, key = ''): any {
  if (Array.isArray(value)) {
    const items = value.map(item => comparable(item));
    return key === 'required' || key === 'x-kubernetes-validations'
      ? items.map(i => JSON.stringify(i)).sort()
      : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name, child]) => {
    if (name === 'description') return typeof child !== 'string';
    return !(name === 'rule' && 'message' in value);
  });
  return Object.fromEntries(entries.map(([name, child]) => [name, comparable(child, name)]));
}

describe('istioCrds', () => {
  it('has 14 kinds up to 1.29 and 15 from 1.30 on', () => {
    expect(istioCrds('1.27.1')).toHaveLength(14);
    expect(istioCrds('1.29.0')).toHaveLength(14);
    expect(istioCrds('1.30.3').map(crd => crd.metadata.name)).toContain(
      'trafficextensions.extensions.istio.io',
    );
  });

  it('makes a new definition every time', () => {
    const [first] = istioCrds('1.30.3');
    (first as KubeObject)['spec'].names.kind = 'Changed';
    expect(istioCrds('1.30.3')[0]?.['spec'].names.kind).toBe('TrafficExtension');
  });

  for (const version of ['1.27.1', '1.30.3']) {
    const file = fileOf(version);
    const present = existsSync(file);
    it.skipIf(!present)(
      `is shaped as Istio ${version}'s own${present ? '' : ' (skipped: ../shared/fixtures is not there)'}`,
      () => {
        const theirs = parseAllDocuments(readFileSync(file, 'utf8'))
          .map(document => document.toJS() as KubeObject)
          .filter(Boolean);
        const ours = istioCrds(version);
        expect(ours.map(crd => crd.metadata.name).sort()).toEqual(
          theirs.map(crd => crd.metadata.name).sort(),
        );
        for (const crd of theirs) {
          const own = ours.find(candidate => candidate.metadata.name === crd.metadata.name);
          expect(comparable(own), crd.metadata.name).toEqual(comparable(crd));
        }
      },
    );
  }
});

it('asks no rule to go through a list of its own, whose cost an API server would estimate as too much', () => {
  // kube-apiserver 1.33.13 refused Sidecar and Gateway for `[has(self.a), has(self.b)].filter(…)` within lists.
  for (const crd of istioCrds('1.30.3')) expect(JSON.stringify(crd)).not.toMatch(/\[has\(/);
});

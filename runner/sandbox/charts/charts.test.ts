import {describe, expect, it} from 'vitest';
import {untar} from '../tools/helm/untar.ts';
import {packCharts} from './pack.ts';
import {chartRepository} from './repository.ts';

describe('packCharts', () => {
  it('gives the same bytes for the same version', async () => {
    const [one, two] = await Promise.all([
      packCharts({istioVersion: '1.30.3'}),
      packCharts({istioVersion: '1.30.3'}),
    ]);
    expect(one.map(chart => chart.name)).toEqual(['base', 'istiod', 'gateway']);
    expect(one.map(chart => chart.archive.toString('hex'))).toEqual(
      two.map(chart => chart.archive.toString('hex')),
    );
  });

  it.each([
    ['1.30.3', 'hub: registry.istio.io/release', 15],
    ['1.27.1', 'hub: docker.io/istio', 14],
  ])('takes images and resource types of %s', async (istioVersion, hub, crds) => {
    const [base, istiod] = await packCharts({istioVersion});
    const values = (await untar(istiod?.archive as Buffer)).get('istiod/values.yaml')?.toString('utf8');
    expect(values).toContain(hub);
    expect(values).toContain(`tag: ${istioVersion}`);
    const types =
      (await untar(base?.archive as Buffer)).get('base/files/crd-all.gen.yaml')?.toString('utf8') ?? '';
    expect(types.match(/^kind: CustomResourceDefinition$/gm)).toHaveLength(crds);
    expect(types.match(/helm.sh\/resource-policy: keep/g)).toHaveLength(crds);
  });
});

describe('chartRepository', () => {
  it('serves an index and what it names', async () => {
    const serve = chartRepository({charts: await packCharts({istioVersion: '1.30.3'})});
    const index = serve('/charts/index.yaml?x=1')?.body.toString('utf8') ?? '';
    const files = [...index.matchAll(/^ {4}- (\S+\.tgz)$/gm)].map(match => match[1] as string);
    expect(files.sort()).toEqual(['base-1.30.3.tgz', 'gateway-1.30.3.tgz', 'istiod-1.30.3.tgz']);
    for (const file of files) expect(serve(`/${file}`)?.status).toBe(200);
    expect(serve('/nothing.tgz')).toBeUndefined();
  });
});

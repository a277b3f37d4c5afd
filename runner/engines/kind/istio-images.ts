import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {parse} from 'yaml';
import {fileOfChart} from '../charts/packed-chart.ts';

/** The part of the chart istiod's `values.yaml` that says what its pods and those it injects run. */
interface Values {
  hub?: string;
  tag?: string | number;
  variant?: string;
  image?: string;
  pilot?: Pick<Values, 'hub' | 'tag' | 'variant' | 'image'>;
  global?: Pick<Values, 'hub' | 'tag' | 'variant'> & {
    proxy?: {image?: string};
    proxy_init?: {image?: string};
  };
}

/**
 * The images of Istio that the labs' releases run: istiod's and the proxy's, which is that of the init container and
 * of the gateway as well.
 * @param charts a folder of packed charts, which name their images; absent for those that Istio publishes.
 * @throws when the chart istiod in it can't be read.
 */
export async function istioImages(version: string, charts?: string): Promise<readonly string[]> {
  const file =
    charts &&
    (await readdir(charts))
      .filter(name => /^istiod-.*\.tgz$/.test(name))
      .sort()
      .at(-1);
  if (!charts || !file) return namesIn({global: {hub: publicHub(version), tag: version}});
  const values = parse(await fileOfChart(await readFile(path.join(charts, file)), 'values.yaml'));
  return namesIn(values?._internal_defaults_do_not_set ?? values ?? {});
}

/** `global.hub` of the charts that Istio publishes: its own registry since 1.30, Docker Hub before. */
function publicHub(version: string): string {
  return Number(version.split('.')[1]) >= 30 ? 'registry.istio.io/release' : 'docker.io/istio';
}

/** As the chart's templates put them together (istio-discovery/templates/deployment.yaml, pkg/kube/inject). */
function namesIn(values: Values): readonly string[] {
  const {global = {}} = values;
  const pilot = {...values.pilot, ...given(values)};
  const name = (image: string, from: Pick<Values, 'hub' | 'tag' | 'variant'>): string => {
    if (image.includes('/')) return image;
    const variant = from.variant || global.variant;
    return `${from.hub || global.hub}/${image}:${from.tag || global.tag}${variant ? `-${variant}` : ''}`;
  };
  return [
    name(pilot.image || 'pilot', pilot),
    name(global.proxy?.image || 'proxyv2', {}),
    name(global.proxy_init?.image || 'proxyv2', {}),
  ].filter((image, index, all) => all.indexOf(image) === index);
}

/** In the chart istiod, what is set for pilot may stand at the top as well. */
function given({hub, tag, variant, image}: Values): Pick<Values, 'hub' | 'tag' | 'variant' | 'image'> {
  return Object.fromEntries(Object.entries({hub, tag, variant, image}).filter(([, value]) => value));
}

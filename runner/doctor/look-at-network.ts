import {nodeImageFor} from '../clusters/kind/images.ts';
import {type ClusterSettings, istioChartRepository} from '../clusters/settings.ts';
import {istioVersion} from '../version.ts';
import type {Finding} from './finding.ts';
import type {Machine} from './machine.ts';

const proxyNames = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

/** The proxy of the environment, if there is one. */
export function proxyIn(env: Readonly<Record<string, string>>): string | undefined {
  const name = proxyNames.find(candidate => env[candidate]);
  return name && env[name];
}

/** A proxy must not be asked for what runs on this machine: the cluster's API and the product page. */
export function lookAtProxy({env}: Machine): Finding {
  const proxy = proxyIn(env);
  if (!proxy) return {name: 'proxy', status: 'ok', found: 'none set'};
  const spared = (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(',').map(entry => entry.trim());
  const found = withoutPassword(proxy);
  if (spared.includes('*') || (spared.includes('127.0.0.1') && spared.includes('localhost'))) {
    return {name: 'proxy', status: 'ok', found};
  }
  return {
    name: 'proxy',
    status: 'warning',
    found: `${found}, also for this machine itself`,
    fix: 'export NO_PROXY=127.0.0.1,localhost,.svc,.cluster.local,10.96.0.0/16,10.244.0.0/16',
  };
}

function withoutPassword(proxy: string): string {
  return proxy.replace(/\/\/[^@/]*@/, '//');
}

interface Place {
  name: string;
  url: string;
  for: string;
  fix: string;
}

/** What a kind cluster downloads from, without what the settings bring along. */
export function placesFor(settings: ClusterSettings): readonly Place[] {
  const places: Place[] = [];
  if (!settings.nodeImage) {
    const [image] = nodeImageFor(istioVersion).split('@');
    places.push({
      name: 'docker.io',
      url: 'https://registry-1.docker.io/v2/',
      for: `the node image ${image}`,
      fix: 'Use a mirror: --node-image MIRROR/kindest/node:TAG@DIGEST',
    });
  }
  if (settings.hub) {
    const url = /^https?:/.test(settings.hub) ? settings.hub : `https://${settings.hub}`;
    places.push({name: 'mirror', url: `${url}/v2/`, for: 'all images', fix: 'Name another one: --hub HOST'});
  } else if (!settings.images) {
    places.push({
      name: 'registry.istio.io',
      url: 'https://registry.istio.io/v2/',
      for: 'the images of Istio and Bookinfo',
      fix: 'Use a mirror (--hub HOST), or bring the images along (--images DIR)',
    });
  }
  if (!settings.charts || /^https?:/.test(settings.charts)) {
    places.push({
      name: 'charts',
      url: `${settings.charts ?? istioChartRepository}/index.yaml`,
      for: "Istio's charts",
      fix: 'Bring the charts along: --charts DIR',
    });
  }
  return places;
}

/** Whether each place answers at all; a proxy answers for the tools, so there only they can tell. */
export async function lookAtPlaces(
  machine: Machine,
  options: {places: readonly Place[]; signal: AbortSignal},
): Promise<{findings: readonly Finding[]; date: number | undefined}> {
  if (proxyIn(machine.env)) {
    const findings = options.places.map(({name, for: purpose}): Finding => {
      return {name, status: 'ok', found: `not asked: the proxy stands between (${purpose})`};
    });
    return {findings, date: undefined};
  }
  const reached = await Promise.all(options.places.map(({url}) => machine.reach(url, options.signal)));
  const findings = options.places.map(({name, for: purpose, fix}, index): Finding => {
    const answer = reached[index];
    if (answer?.ok) return {name, status: 'ok', found: `answers in ${answer.milliseconds} ms (${purpose})`};
    return {name, status: 'missing', found: `not reached: ${answer?.reason} (${purpose})`, fix};
  });
  const date = reached.flatMap(answer => (answer.ok && answer.date !== undefined ? [answer.date] : [])).at(0);
  return {findings, date};
}

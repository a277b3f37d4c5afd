import {nodeImageFor} from '../engines/kind/images.ts';
import {type ClusterSettings, istioChartRepository} from '../engines/settings.ts';
import {istioVersion} from '../version.ts';
import type {Finding} from './finding.ts';
import type {Machine} from './machine.ts';
import {anyProxy, proxyFor, withoutPassword} from './proxy.ts';

/** A proxy must not be asked for what runs on this machine: the cluster's API and the product page. */
export function lookAtProxy({env}: Machine): Finding {
  const proxy = anyProxy(env);
  if (!proxy) return {name: 'proxy', status: 'ok', found: 'none set'};
  const found = withoutPassword(proxy);
  const own = ['https://127.0.0.1', 'http://127.0.0.1', 'https://localhost', 'http://localhost'];
  if (own.every(url => proxyFor(new URL(url), env) === undefined)) {
    return {name: 'proxy', status: 'ok', found};
  }
  return {
    name: 'proxy',
    status: 'warning',
    found: `${found}, also for this machine itself`,
    fix: 'export NO_PROXY=127.0.0.1,localhost,.svc,.cluster.local,10.96.0.0/16,10.244.0.0/16',
  };
}

interface Place {
  name: string;
  url: string;
  for: string;
  fix: string;
}

/**
 * What a kind cluster downloads from, without what the settings bring along.
 * @param hasNodeImage whether the node image is in Docker already.
 */
export function placesFor(settings: ClusterSettings, hasNodeImage: boolean): readonly Place[] {
  const places: Place[] = [];
  if (!hasNodeImage) {
    const image = settings.nodeImage ?? nodeImageFor(istioVersion);
    const host = registryOf(image);
    places.push({
      name: host ?? 'docker.io',
      url: `${/^(localhost|127\.)/.test(host ?? '') ? 'http' : 'https'}://${host ?? 'registry-1.docker.io'}/v2/`,
      for: `the node image ${image.split('@')[0]}`,
      fix: 'Use a mirror (--node-image MIRROR/kindest/node:TAG@DIGEST), or: docker load -i node.tar',
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

/** The registry that an image's name begins with; Docker Hub has none. */
function registryOf(image: string): string | undefined {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : undefined;
}

/** Whether each place answers at all, by the way that the tools take: through the proxy, where there is one. */
export async function lookAtPlaces(
  machine: Machine,
  options: {places: readonly Place[]; signal: AbortSignal},
): Promise<{findings: readonly Finding[]; date: number | undefined}> {
  const reached = await Promise.all(options.places.map(({url}) => machine.reach(url, options.signal)));
  const findings = options.places.map(({name, url, for: purpose, fix}, index): Finding => {
    const answer = reached[index];
    const proxy = proxyFor(new URL(url), machine.env);
    const through = proxy ? `, through ${withoutPassword(proxy)}` : '';
    if (answer?.ok) {
      return {name, status: 'ok', found: `answers in ${answer.milliseconds} ms${through} (${purpose})`};
    }
    return {name, status: 'missing', found: `not reached${through}: ${answer?.reason} (${purpose})`, fix};
  });
  const date = reached.flatMap(answer => (answer.ok && answer.date !== undefined ? [answer.date] : [])).at(0);
  return {findings, date};
}

/** A node image that Docker has already is not downloaded. */
export async function lookAtNodeImage(
  {processes, env}: Machine,
  {nodeImage, signal}: {nodeImage: string; signal: AbortSignal},
): Promise<Finding | undefined> {
  const result = await processes.tool({
    command: 'docker',
    args: ['image', 'inspect', '--format', '{{.Id}}', nodeImage],
    env,
    signal,
    timeout: 10_000,
  });
  return result.exitCode === 0
    ? {name: 'node image', status: 'ok', found: `${nodeImage.split('@')[0]} is in Docker already`}
    : undefined;
}

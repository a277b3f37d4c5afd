import type {ControlPlane} from './control-plane.ts';

/** istiod's `/debug/syncz`: one entry a proxy; a nonce is the API's resource version that it stands for. */
export function syncz(controlPlane: ControlPlane, pilot: string): unknown[] {
  return controlPlane
    .status()
    .filter(status => status.pilot === pilot)
    .map(({proxy, type, version, sent, acknowledged}) => ({
      cluster_id: 'Kubernetes',
      proxy,
      proxy_type: type,
      istio_version: version,
      ...Object.fromEntries(
        ['cluster', 'listener', 'route', 'endpoint'].flatMap(kind => [
          [`${kind}_sent`, sent],
          [`${kind}_acked`, acknowledged],
        ]),
      ),
    }));
}

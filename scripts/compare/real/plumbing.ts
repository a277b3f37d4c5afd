import type {IstioObject} from '../../../runner/istio/types.ts';
import {addressIn} from '../world/addresses.ts';
import {type CallerId, callerIds, callers} from '../world/callers.ts';
import {before} from '../world/kubernetes-objects.ts';

export const rootNamespace = 'istio-system';

export const istiodPod = 'istiod-0';

/** The key of the node's metadata by which a patch finds the caller that it is for. */
export const callerKey = 'COMPARE_CALLER';

function istioObject(apiVersion: string, kind: string, name: string, spec: unknown): IstioObject {
  return {apiVersion, kind, metadata: {name, namespace: rootNamespace, creationTimestamp: before}, spec};
}

function envoyFilter(name: string, patch: unknown): IstioObject {
  return istioObject('networking.istio.io/v1alpha3', 'EnvoyFilter', name, {configPatches: [patch]});
}

const proxyProtocol = {
  listener_filters: [
    {
      name: 'envoy.filters.listener.proxy_protocol',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol',
      },
    },
  ],
};

/** Binds a listener of one caller to the caller's own address. */
function listenAt(caller: CallerId, name: string, match: object, more: object = {}): IstioObject {
  return envoyFilter(`${caller}-${name}`, {
    applyTo: 'LISTENER',
    match: {...match, proxy: {metadata: {[callerKey]: caller}}},
    patch: {
      operation: 'MERGE',
      value: {address: {socket_address: {address: callers[caller].ip}}, ...more},
    },
  });
}

/**
 * What makes istiod's configuration work on loopback: no mutual TLS, listeners at the callers' addresses, and the
 * original destination from a PROXY line in front of the request where a cluster has iptables.
 */
export function plumbing(): IstioObject[] {
  return [
    // For whoever looks at the mesh: istiod itself needs no pod.
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: istiodPod,
        namespace: rootNamespace,
        labels: {app: 'istiod', 'istio.io/rev': 'default'},
        creationTimestamp: before,
      },
      spec: {containers: []},
      status: {
        phase: 'Running',
        podIP: addressIn.istiod,
        conditions: [{type: 'Ready', status: 'True'}],
      },
    },
    istioObject('security.istio.io/v1', 'PeerAuthentication', 'plain', {mtls: {mode: 'DISABLE'}}),
    ...callerIds.flatMap(id =>
      callers[id].kind === 'gateway'
        ? [listenAt(id, 'in', {context: 'GATEWAY'})]
        : [
            listenAt(
              id,
              'out',
              {context: 'SIDECAR_OUTBOUND', listener: {name: 'virtualOutbound'}},
              proxyProtocol,
            ),
            listenAt(id, 'in', {context: 'SIDECAR_INBOUND', listener: {name: 'virtualInbound'}}),
          ],
    ),
  ];
}

/** A cluster that nobody uses: that Envoy has it says which configuration Envoy has. */
export function marker(number: number): IstioObject {
  return envoyFilter('marker', {
    applyTo: 'CLUSTER',
    match: {context: 'ANY'},
    patch: {operation: 'ADD', value: {name: markerCluster(number), type: 'STATIC', connect_timeout: '1s'}},
  });
}

export function markerCluster(number: number): string {
  return `compare-marker-${number}`;
}

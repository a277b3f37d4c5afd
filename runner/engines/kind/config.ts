import {stringify} from 'yaml';

/** The port of the node that a gateway's Service may use as its `nodePort` to be reached from this machine. */
export const gatewayNodePort = 30080;

/**
 * The cluster that kind is asked for: one node, and one port of it on this machine's loopback, which kind
 * chooses. https://kind.sigs.k8s.io/docs/user/configuration/
 */
export function kindConfig(options: {nodeImage: string}): string {
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: {apiServerAddress: '127.0.0.1'},
    nodes: [
      {
        role: 'control-plane',
        image: options.nodeImage,
        extraPortMappings: [
          {containerPort: gatewayNodePort, hostPort: 0, listenAddress: '127.0.0.1', protocol: 'TCP'},
        ],
      },
    ],
  });
}

import {nearest} from '../../nearest.ts';
import {gatewayListeners, gatewaysFor} from '../gateway-routes.ts';
import {covers, resolveGateway} from '../hosts.ts';
import {configOf} from '../snapshot.ts';
import {type Gateway, refOf, type VirtualService} from '../types.ts';
import {gatewaysOf, hostsOf} from '../virtual-services.ts';
import type {Candidate} from './cause.ts';
import {change, objectName, showCommand} from './cause.ts';
import type {Scene} from './hop.ts';
import {virtualServicesFor} from './lookup.ts';
import {withChanged} from './mend.ts';
import type {Detector} from './wrong.ts';

const code = 'gateway-not-matching';

/** Gateways and VirtualServices that do not find each other, or not the proxy. */
export const gatewayDetector: Detector = scene =>
  scene.proxy.kind === 'gateway'
    ? [...selectors(scene), ...ports(scene), ...bindings(scene), ...hosts(scene), ...ownHosts(scene)]
    : notForMesh(scene);

/** Naming a gateway takes a VirtualService away from the sidecars, unless `mesh` is named too. */
function notForMesh(scene: Scene): readonly Candidate[] {
  return virtualServicesFor(scene)
    .filter(virtualService => !gatewaysOf(virtualService).includes('mesh'))
    .map(virtualService => {
      const ref = refOf(virtualService);
      const names = virtualService.spec?.gateways ?? [];
      return {
        code,
        sentence: `${objectName(ref)} is bound to ${names.join(', ')} only, so the sidecars do not use it.`,
        look: 'The column GATEWAYS is empty for a VirtualService that holds inside the mesh.',
        object: objectName(ref),
        fix: `spec.gateways: add mesh`,
        command: showCommand(ref),
        mended: withChanged<VirtualService>(scene.snapshot, ref, copy => {
          copy.spec?.gateways?.push('mesh');
        }),
      };
    });
}

function selectors({snapshot, proxy}: Scene): readonly Candidate[] {
  const selected = gatewaysFor(snapshot, proxy);
  return configOf<Gateway>(snapshot, 'Gateway')
    .filter(gateway => !selected.includes(gateway))
    .flatMap(gateway => {
      const ref = refOf(gateway);
      const selector = gateway.spec?.selector ?? {};
      return Object.entries(selector)
        .filter(([key, value]) => proxy.labels[key] !== value)
        .map(([key, value]): Candidate => {
          const right = proxy.labels[key] ?? '';
          return {
            code,
            analysis: 'IST0101',
            sentence: `${objectName(ref)} selects pods with ${key}=${value}, and the gateway's pods have ${key}=${right || '(nothing)'}.`,
            look: "The selector has to fit the labels of the gateway's pods.",
            object: objectName(ref),
            fix: change(`spec.selector.${key}`, value, right),
            command: `kubectl get pods -n ${proxy.namespace} --show-labels`,
            mended: withChanged<Gateway>(snapshot, ref, copy => {
              if (copy.spec) copy.spec.selector = {...selector, [key]: right};
            }),
          };
        });
    });
}

function ports({snapshot, proxy, hop}: Scene): readonly Candidate[] {
  if (gatewayListeners(snapshot, proxy).some(({port}) => port === hop.port)) return [];
  return gatewaysFor(snapshot, proxy).flatMap(gateway => {
    const ref = refOf(gateway);
    return (gateway.spec?.servers ?? []).map((server, index): Candidate => {
      const number = server.port?.number ?? 0;
      return {
        code,
        sentence: `${objectName(ref)} opens port ${number}, and the request comes to port ${hop.port}.`,
        look: 'The number has to be a port of the Service in front of the gateway.',
        object: objectName(ref),
        fix: change(`spec.servers[${index}].port.number`, number, hop.port),
        command: `kubectl get services -n ${proxy.namespace}`,
        mended: withChanged<Gateway>(snapshot, ref, copy => {
          const port = copy.spec?.servers?.[index]?.port;
          if (port) port.number = hop.port;
        }),
      };
    });
  });
}

function bindings({snapshot, proxy}: Scene): readonly Candidate[] {
  const existing = gatewaysFor(snapshot, proxy).map(refOf);
  return configOf<VirtualService>(snapshot, 'VirtualService').flatMap(virtualService => {
    const ref = refOf(virtualService);
    return (virtualService.spec?.gateways ?? []).flatMap((name, index): readonly Candidate[] => {
      const resolved = resolveGateway(name, ref.namespace);
      if (name === 'mesh' || existing.some(each => `${each.namespace}/${each.name}` === resolved)) return [];
      const bare = resolved.split('/').at(-1) ?? '';
      const close = nearest(
        bare,
        existing.map(each => each.name),
      );
      const target = existing.find(each => each.name === close) ?? existing[0];
      if (!target) return [];
      const right = target.namespace === ref.namespace ? target.name : `${target.namespace}/${target.name}`;
      return [
        {
          code,
          analysis: 'IST0101',
          sentence: `${objectName(ref)} is bound to the gateway "${name}", which is none of this proxy's.`,
          look: 'A gateway is named by its name in the same namespace, or as namespace/name.',
          object: objectName(ref),
          fix: change(`spec.gateways[${index}]`, name, right),
          command: 'kubectl get gateways.networking.istio.io -A',
          mended: withChanged<VirtualService>(snapshot, ref, copy => {
            if (copy.spec?.gateways) copy.spec.gateways[index] = right;
          }),
        },
      ];
    });
  });
}

function hosts({snapshot, proxy, hop}: Scene): readonly Candidate[] {
  return gatewaysFor(snapshot, proxy).flatMap(gateway => {
    const ref = refOf(gateway);
    return (gateway.spec?.servers ?? []).map(
      (server, index): Candidate => ({
        code,
        sentence: `${objectName(ref)} is for ${(server.hosts ?? []).join(', ')}, and the request asks for ${hop.host}.`,
        look: 'A gateway serves only the hosts that it names.',
        object: objectName(ref),
        fix: `spec.servers[${index}].hosts: add "${hop.host}"`,
        command: showCommand(ref),
        mended: withChanged<Gateway>(snapshot, ref, copy => {
          copy.spec?.servers?.[index]?.hosts?.push(hop.host);
        }),
      }),
    );
  });
}

/** A VirtualService of the gateway's that is for other hosts than the one that is asked for. */
function ownHosts({snapshot, proxy, hop}: Scene): readonly Candidate[] {
  const own = gatewaysFor(snapshot, proxy).map(({metadata}) => `${metadata.namespace}/${metadata.name}`);
  return configOf<VirtualService>(snapshot, 'VirtualService')
    .filter(virtualService => gatewaysOf(virtualService).some(name => own.includes(name)))
    .filter(virtualService => !hostsOf(virtualService).some(host => covers(host, hop.host)))
    .map((virtualService): Candidate => {
      const ref = refOf(virtualService);
      const written = virtualService.spec?.hosts ?? [];
      return {
        code,
        sentence: `${objectName(ref)} is for ${written.join(', ')} at its gateway, and the request asks for ${hop.host}.`,
        look: 'At a gateway hosts is what clients ask for; * is whatever they do.',
        object: objectName(ref),
        fix: change('spec.hosts', written, ['*']),
        command: showCommand(ref),
        mended: withChanged<VirtualService>(snapshot, ref, copy => {
          if (copy.spec) copy.spec.hosts = ['*'];
        }),
      };
    });
}

import type {ApiClient} from '../../api/client.ts';
import type {ContainerContext, KnownImage} from '../../kubelet/image.ts';
import {onceStartedUp} from '../../kubelet/start-up.ts';
import {programStarts} from '../../pace.ts';
import type {ControlPlane} from '../pilot/control-plane.ts';
import {createRootCertificates} from '../pilot/root-certificates.ts';
import {syncz} from '../pilot/syncz.ts';
import {openWebhooks} from '../pilot/webhooks.ts';
import {createHttpListeners, pathOf} from './http-listeners.ts';
import {tagOf} from './image-names.ts';
import {istioLogLine} from './istio-log.ts';

/** istiod: serves the proxies, fills every namespace's CA bundle, and answers for its webhooks. */
export function pilotImage(options: {client: ApiClient; controlPlane: ControlPlane}): KnownImage {
  return {
    name: 'istio/pilot',
    matches: image => /(^|\/)pilot(:|@|$)/.test(image),
    sizeBytes: 86_421_000,
    programs: ['pilot-discovery'],
    startUp: programStarts.istiod,
    start: context => onceStartedUp(context, () => startPilot(context, options)),
  };
}

async function startPilot(
  context: ContainerContext,
  {client, controlPlane}: {client: ApiClient; controlPlane: ControlPlane},
): Promise<() => Promise<void>> {
  const {attachment, clock, pod, container, log} = context;
  const name = pod.metadata.name;
  const version = tagOf(container.image);
  const namespace = pod.metadata.namespace ?? 'istio-system';
  const listeners = createHttpListeners(attachment);
  const info = (message: string, scope?: string) => log(istioLogLine(clock, message, scope));
  const disconnects = new Set<() => void>();

  const certificates = await createRootCertificates({client, clock, namespace});
  const root = certificates.root;

  const debug = (path: string) => {
    switch (path) {
      case '/ready':
        return {body: ''};
      case '/version':
        return {body: `${version}-simulated-Clean`};
      case '/debug/syncz':
        return {body: JSON.stringify(syncz(controlPlane, name), null, 2), type: 'application/json'};
      case '/debug/configz':
        return {body: JSON.stringify(controlPlane.snapshot().config, null, 2), type: 'application/json'};
      case '/debug/registryz':
        return {body: JSON.stringify(controlPlane.snapshot().services, null, 2), type: 'application/json'};
      case '/metrics':
        return {body: pilotMetrics(controlPlane, version), type: 'text/plain; version=0.0.4'};
      default:
        return {status: 404, body: '404 page not found\n'};
    }
  };
  await listeners.serve(8080, request => debug(pathOf(request)));
  await listeners.serve(15014, request => debug(pathOf(request)));
  for (const port of [15010, 15012]) {
    await listeners.take(port, connection => {
      connection.once('data', (hello: Buffer) => {
        const uid = hello.toString().trim();
        const disconnect = controlPlane.connect(uid, name);
        disconnects.add(disconnect);
        connection.once('close', () => {
          disconnects.delete(disconnect);
          disconnect();
        });
      });
    });
  }
  await listeners.take(15017, connection => void connection.resume());
  const closeWebhooks = openWebhooks({client, root, namespace});
  info(`version: ${version}-simulated-Clean`);
  info('All controller caches have been synced up in 0s');
  info('starting secure gRPC discovery service at [::]:15012');
  info('starting webhook service at [::]:15017');
  return async () => {
    certificates.stop();
    closeWebhooks();
    for (const disconnect of disconnects) disconnect();
    await listeners.close();
  };
}

function pilotMetrics(controlPlane: ControlPlane, version: string): string {
  const {services, config} = controlPlane.snapshot();
  const lines = [
    '# TYPE istio_build gauge',
    `istio_build{component="pilot",tag="${version}"} 1`,
    '# TYPE pilot_services gauge',
    `pilot_services ${services.length}`,
    '# TYPE pilot_xds gauge',
    `pilot_xds{version="${version}"} ${controlPlane.status().length}`,
    '# TYPE pilot_k8s_cfg_objects gauge',
    `pilot_k8s_cfg_objects ${config.length}`,
  ];
  return `${lines.join('\n')}\n`;
}

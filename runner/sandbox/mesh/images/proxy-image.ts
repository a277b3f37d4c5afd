import type {ApiClient} from '../../api/client.ts';
import type {Timer} from '../../clock.ts';
import type {ContainerContext, ContainerProgram, KnownImage} from '../../kubelet/image.ts';
import type {Service} from '../../objects.ts';
import {programStarts} from '../../pace.ts';
import type {ControlPlane} from '../pilot/control-plane.ts';
import {createMeshProxy} from '../proxy/mesh-proxy.ts';
import {createHttpListeners} from './http-listeners.ts';
import {tagOf} from './image-names.ts';
import {istioLogLine} from './istio-log.ts';
import {serveProxyPorts} from './proxy-ports.ts';
import {ended, untilStopped} from './simple-program.ts';

export interface ProxyImageOptions {
  client: ApiClient;
  controlPlane: ControlPlane;
}

/** The proxy's image: `proxy sidecar`, `proxy router`, and `istio-iptables` as istio-init runs it. */
export function proxyImage(options: ProxyImageOptions): KnownImage {
  return {
    name: 'istio/proxyv2',
    matches: image => /(^|\/)proxyv2(:|@|$)/.test(image),
    sizeBytes: 101_934_000,
    programs: ['pilot-agent', 'envoy', 'curl', 'ip', 'iptables-save'],
    startUp: programStarts.proxy,
    start: context => startProxy(context, options),
  };
}

/** How long a proxy waits before it calls istiod again. */
const reconnectAfter = 500;

async function startProxy(context: ContainerContext, options: ProxyImageOptions): Promise<ContainerProgram> {
  const args = context.container.args ?? [];
  if (args[0] === 'istio-iptables' || args[0] === 'istio-clean-iptables') {
    const ports = (flag: string) => args[args.indexOf(flag) + 1] ?? '';
    context.log(
      istioLogLine(
        context.clock,
        `Istio iptables variables: PROXY_PORT=${ports('-p')} INBOUND_CAPTURE_PORT=${ports('-z')}`,
      ),
    );
    return ended(0);
  }
  if (args[0] !== 'proxy') return ended(1, `unknown command "${args[0] ?? ''}" for "pilot-agent"`);
  return runProxy(context, args[1] === 'router' ? 'gateway' : 'sidecar', options);
}

async function runProxy(
  context: ContainerContext,
  kind: 'sidecar' | 'gateway',
  {client, controlPlane}: ProxyImageOptions,
): Promise<ContainerProgram> {
  const {attachment, clock, random, startUp, pod, container, env, log} = context;
  const version = tagOf(container.image);
  const namespace = pod.metadata.namespace ?? 'default';
  const uid = pod.metadata.uid ?? '';
  const info = (message: string, scope?: string) => log(istioLogLine(clock, message, scope));
  const listeners = createHttpListeners(attachment);
  const proxy = createMeshProxy({
    kind,
    attachment,
    identity: {
      name: pod.metadata.name,
      namespace,
      ip: attachment.network.podIP,
      labels: pod.metadata.labels ?? {},
      serviceAccount: pod.spec.serviceAccountName ?? 'default',
    },
    clock,
    random,
    log,
  });
  info(`Version ${version}-simulated-Clean`);
  await serveProxyPorts({listeners, proxy, pod, env, version, attachment, controlPlane});
  const unregister = controlPlane.register({
    uid,
    name: pod.metadata.name,
    namespace,
    type: kind === 'gateway' ? 'router' : 'sidecar',
    version,
    async receive(snapshot, revision) {
      const first = proxy.revision === undefined;
      await proxy.update(snapshot, revision);
      if (first) info('Envoy proxy is ready');
    },
  });

  let stopped = false;
  let retry: Timer | undefined;
  let connection: {destroy(): unknown} | undefined;
  const discovery = discoveryService(env);
  const again = () => {
    connection = undefined;
    if (!stopped) retry = clock.after(reconnectAfter, () => void connect());
  };
  async function connect(): Promise<void> {
    if (stopped) return;
    const service = client.get<Service>('services', discovery.name, discovery.namespace);
    const ip = service?.spec.clusterIP;
    if (!ip) return again();
    try {
      const opened = await attachment.dialDirect(ip, discovery.port);
      if (stopped) return void opened.destroy();
      connection = opened;
      opened.on('error', () => opened.destroy());
      opened.once('close', again);
      opened.resume();
      opened.write(`${uid}\n`);
      info(
        `connected to upstream XDS server: ${discovery.name}.${discovery.namespace}.svc:${discovery.port}`,
        'xdsproxy',
      );
    } catch {
      again();
    }
  }
  // Envoy itself starts before it asks for its configuration.
  if (startUp === 0) void connect();
  else retry = clock.after(startUp, () => void connect());

  return untilStopped(async () => {
    stopped = true;
    retry?.cancel();
    unregister();
    connection?.destroy();
    await proxy.stop();
    await listeners.close();
  });
}

/** Where the proxy's configuration says istiod is. */
function discoveryService(env: Record<string, string>): {name: string; namespace: string; port: number} {
  let address = 'istiod.istio-system.svc:15012';
  try {
    address = JSON.parse(env['PROXY_CONFIG'] || '{}').discoveryAddress ?? address;
  } catch {
    // Unreadable settings leave the default, as pilot-agent does.
  }
  const [host = '', port = '15012'] = address.split(':');
  const [name = 'istiod', namespace = 'istio-system'] = host.split('.');
  return {name, namespace, port: Number(port)};
}

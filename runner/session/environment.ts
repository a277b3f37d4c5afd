import path from 'node:path';
import type {Connection} from '../engines/port.ts';

export interface EnvironmentOptions {
  /** The environment of the app itself. */
  inherited: Readonly<Record<string, string | undefined>>;
  /** The workshop's own folder. */
  folder: string;
  workshop: string;
  stateFolder: string;
  /** Holds the built-in `kubectl`, `helm` and `istio-workshop`. */
  toolsFolder: string;
  connection: Connection;
  productpagePort: number;
}

/** Variables that would lead a command to another cluster or to the learner's own Helm settings. */
const dropped =
  /^(KUBECONFIG|ISTIO_WORKSHOP_COMMAND|KUBECACHEDIR|KUBERNETES_.*|HELM_.*|NODE_OPTIONS|NODE_ENV|FORCE_COLOR)$/;

/**
 * The environment of the workshop's commands. Kubernetes' and Helm's settings are ours, so that a learner's
 * own are never touched; PATH ends with our tools, so that real ones always win.
 */
export function workshopEnvironment(options: EnvironmentOptions): Record<string, string> {
  const {inherited, folder, connection} = options;
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && !dropped.test(name)) env[name] = value;
  }
  const helm = path.join(folder, 'helm');
  return {
    ...env,
    KUBECONFIG: connection.kubeconfig,
    KUBECACHEDIR: path.join(folder, 'kube-cache'),
    HELM_CONFIG_HOME: path.join(helm, 'config'),
    HELM_CACHE_HOME: path.join(helm, 'cache'),
    HELM_DATA_HOME: path.join(helm, 'data'),
    ...connection.env,
    PRODUCTPAGE_PORT: String(options.productpagePort),
    ISTIO_WORKSHOP: options.workshop,
    ISTIO_WORKSHOP_STATE: options.stateFolder,
    PATH: [inherited['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', options.toolsFolder].join(path.delimiter),
  };
}

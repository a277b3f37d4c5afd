import type {ProcessIdentity} from './process-identity.ts';

/** What a running sandbox tells the program that wants to use it; it stands in `ready.json`. */
export interface SandboxHandshake {
  pid: number;
  name: string;
  /** The API server: `https://127.0.0.1:PORT`. */
  url: string;
  /** The chart repository: `http://127.0.0.1:PORT/charts`. */
  chartsUrl: string;
  kubeconfigPath: string;
  /** What the API claims to be: `v1.33.4+istio-workshop`. */
  kubernetesVersion: string;
  istioVersion: string;
  /** RFC 3339. */
  startedAt: string;
  process: ProcessIdentity;
}

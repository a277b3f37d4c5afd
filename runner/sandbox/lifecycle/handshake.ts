import type {ProcessIdentity} from '../../../verify/process-identity.ts';

/** What is gone of a sandbox's state, for whoever uses it. */
export interface StateLoss {
  /** One sentence. */
  text: string;
  /** The damaged file, as it was found. */
  file: string;
}

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
  /** How slowly it acts: `fast`, `real`, `real:2-60`. */
  pace: string;
  /** RFC 3339. */
  startedAt: string;
  /** What its start could not read of its state. */
  loss?: StateLoss;
  process: ProcessIdentity;
}

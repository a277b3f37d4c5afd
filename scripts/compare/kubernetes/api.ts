import type {IstioObject} from '../../../runner/istio/types.ts';

/** What a rig keeps its objects in, and istiod reads them from. */
export interface KubernetesApi {
  /** The text of istiod's kubeconfig. */
  kubeconfig: string;
  /** Creates an object, or replaces it. */
  put(object: IstioObject): Promise<void>;
  remove(object: IstioObject): Promise<void>;
  stop(): Promise<void>;
}

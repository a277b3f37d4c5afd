/** What somebody chose for a workshop's cluster; kept with the workshop. */
export interface ClusterSettings {
  /** How slowly a sandbox acts: `fast`, `real`, `real:2-60`. */
  pace?: string;
  /** A kubeconfig file other than the user's own. */
  kubeconfig?: string;
  /** The context of that kubeconfig; absent means its current one. */
  context?: string;
  /** An image archive, or a folder of them (`*.tar`), to be loaded into the node. */
  images?: string;
  /** A folder of packed charts (`*.tgz`), or the URL of a chart repository. */
  charts?: string;
  /** The node's image. */
  nodeImage?: string;
  /** The release of Istio, `1.30.3`; absent means the one that the labs are written for. */
  istio?: string;
  /** A registry that mirrors all others: `mirror.example.org`, or `http://…` for one without TLS. */
  hub?: string;
}

/** Istio's public chart repository (https://istio.io/latest/docs/setup/install/helm/). */
export const istioChartRepository = 'https://istio-release.storage.googleapis.com/charts';

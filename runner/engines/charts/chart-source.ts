/** Where Helm gets Istio's charts from. */
export interface ChartSource {
  url: string;
  /** The release of Istio that is there, where that is known without asking. */
  istioVersion?: string;
  close(): Promise<void>;
}

/** The version of this program. */
export const version = '0.1.0';

/** The release of Istio that the labs are written for and that the sandbox simulates. */
export const istioVersion = '1.30.3';

/** The releases of Istio that the sandbox can simulate: the charts, the types and what changed between them. */
export const simulatedIstio: readonly string[] = [istioVersion, '1.27.1'];

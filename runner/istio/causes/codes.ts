/**
 * The closed list of what can lie behind a wrong answer; stable, labs and reports name the codes. The order
 * decides between causes that would explain the same, the more particular one first. Each with what Istio's own
 * analysis says of it, where it says anything.
 */
const list = {
  'label-not-on-pods': undefined,
  'namespace-not-labelled': 'IST0102',
  'caller-without-sidecar': 'IST0103',
  'pods-older-than-label': 'IST0103',
  'revision-unknown': undefined,
  'injection-labels-conflict': 'IST0123',
  'image-auto': undefined,
  'image-not-there': undefined,
  'node-too-small': undefined,
  'container-crashes': undefined,
  'scaled-to-zero': undefined,
  'webhook-without-istiod': 'IST0139',
  'pods-not-ready': undefined,
  'service-missing': undefined,
  'service-without-endpoints': undefined,
  'port-missing': undefined,
  'port-not-http': undefined,
  'sidecar-hides-host': undefined,
  'host-not-in-registry': undefined,
  'wrong-namespace': undefined,
  'host-misspelt': undefined,
  'host-of-the-caller': undefined,
  'not-exported': undefined,
  'older-virtual-service-wins': 'IST0109',
  'mutual-tls-switched-off': undefined,
  'mutual-tls-refused': undefined,
  'mutual-tls-without-sidecar': undefined,
  'policy-denies': undefined,
  'policy-http-on-tcp': undefined,
  'policy-principal': undefined,
  'policy-allows-nobody': undefined,
  'policy-allows-others': undefined,
  'subset-missing': 'IST0101',
  'subset-selects-no-pod': 'IST0173',
  'subset-without-labels': undefined,
  'subset-selects-other-pods': undefined,
  'destination-rule-missing': 'IST0101',
  'match-means-or': undefined,
  'star-taken-literally': undefined,
  'condition-misplaced': undefined,
  'regex-whole-value': undefined,
  'header-value': undefined,
  'header-name': undefined,
  'rule-for-other-port': undefined,
  'rule-for-other-caller': undefined,
  'rule-order': undefined,
  weights: undefined,
  'wrong-destination': undefined,
  'no-rule-matches': undefined,
  'timeout-too-short': undefined,
  'retries-multiply': undefined,
  'delay-too-long': undefined,
  'fault-injected': undefined,
  'program-faulty': undefined,
  'gateway-not-matching': undefined,
  'static-files-not-routed': undefined,
  'istiod-not-ready': undefined,
  'mutual-tls-strict': undefined,
  'virtual-service-missing': undefined,
} as const;

export type CauseCode = keyof typeof list;

export const causeCodes = Object.keys(list) as readonly CauseCode[];

/** The code of Istio's analysis (`istioctl analyze`) for a cause. */
export const analysisOf: Readonly<Record<CauseCode, string | undefined>> = list;

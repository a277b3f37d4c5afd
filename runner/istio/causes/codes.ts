/** The closed list of what can lie behind a failed condition; stable, labs and reports name them. */
export const causeCodes = [
  'caller-without-sidecar',
  'namespace-not-labelled',
  'pods-older-than-label',
  'virtual-service-missing',
  'wrong-namespace',
  'host-misspelt',
  'destination-rule-missing',
  'subset-missing',
  'subset-selects-no-pod',
  'older-virtual-service-wins',
  'rule-order',
  'header-name',
  'header-value',
  'no-rule-matches',
  'wrong-destination',
  'weights',
  'gateway-not-matching',
  'static-files-not-routed',
  'pods-not-ready',
  'istiod-not-ready',
] as const;

export type CauseCode = (typeof causeCodes)[number];

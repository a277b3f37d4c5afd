/**
 * The closed list of what can lie behind a wrong answer; stable, labs and reports name the codes. The order
 * decides between causes that would explain the same, the more particular one first.
 */
export const causeCodes = [
  'namespace-not-labelled',
  'caller-without-sidecar',
  'pods-older-than-label',
  'pods-not-ready',
  'port-not-http',
  'wrong-namespace',
  'host-misspelt',
  'older-virtual-service-wins',
  'subset-missing',
  'subset-selects-no-pod',
  'subset-selects-other-pods',
  'destination-rule-missing',
  'header-name',
  'header-value',
  'rule-order',
  'weights',
  'wrong-destination',
  'no-rule-matches',
  'gateway-not-matching',
  'static-files-not-routed',
  'istiod-not-ready',
  'virtual-service-missing',
] as const;

export type CauseCode = (typeof causeCodes)[number];

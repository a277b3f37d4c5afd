/** An object as a learner would name it on kubectl's command line. */
export interface Target {
  /** `virtualservice`, `deploy`, `virtualservices.networking.istio.io`. */
  resource: string;
  name: string;
  namespace?: string;
}

/** Reads `virtualservice/reviews -n bookinfo`; undefined when it is something else. */
export function parseTarget(text: string): Target | undefined {
  const match = /^([a-z0-9.]+)\/([a-z0-9.-]+)(?:\s+(?:-n|--namespace)[ =]([a-z0-9-]+))?$/.exec(text.trim());
  if (!match?.[1] || !match[2]) return undefined;
  return {resource: match[1], name: match[2], ...(match[3] ? {namespace: match[3]} : {})};
}

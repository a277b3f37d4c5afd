import type {HeaderOperations, Headers} from './types.ts';

/** What is done to the headers of a request and of its response, in this order. */
export interface HeaderSteps {
  request: readonly HeaderOperations[];
  response: readonly HeaderOperations[];
  /** Setting `host` or `:authority` is how a VirtualService changes the Host of the request. */
  authority?: string;
}

/**
 * The steps for one destination of a rule. Envoy takes headers away before it sets and adds; the only destination of a
 * rule is one with it, while of several each changes headers before the rule does.
 */
export function headerSteps(rule: Headers | undefined, destination?: Headers, several = false): HeaderSteps {
  const levels = several ? [destination, rule] : [rule, destination];
  const authority = authorityOf(rule) ?? authorityOf(destination);
  const steps = (way: 'request' | 'response') => {
    const operations = levels.flatMap(level => level?.[way] ?? []);
    return several ? operations.flatMap(operation => inOrder([operation])) : inOrder(operations);
  };
  return {
    request: steps('request'),
    response: steps('response'),
    ...(authority === undefined ? {} : {authority}),
  };
}

function inOrder(operations: readonly HeaderOperations[]): HeaderOperations[] {
  const remove = operations.flatMap(({remove: names = []}) => names).filter(name => !isInternal(name));
  const changes = operations.map(({set, add}) => ({...(set ? {set} : {}), ...(add ? {add} : {})}));
  return [...(remove.length > 0 ? [{remove}] : []), ...changes.filter(change => change.set || change.add)];
}

/** Envoy's own, which can't be changed like other headers. */
function isInternal(name: string): boolean {
  return name.startsWith(':') || name.toLowerCase() === 'host';
}

function authorityOf(headers: Headers | undefined): string | undefined {
  for (const operations of [headers?.request?.set, headers?.request?.add]) {
    for (const [name, value] of Object.entries(operations ?? {})) {
      if (value && ['host', ':authority'].includes(name.toLowerCase())) return value;
    }
  }
  return undefined;
}

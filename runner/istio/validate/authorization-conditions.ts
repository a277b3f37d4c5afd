import type {AuthorizationRule} from '../types.ts';
import {
  emptyFault,
  ipFaults,
  portFaults,
  serviceAccountFault,
  wildcardFault,
} from './authorization-values.ts';
import {type Collector, listText} from './findings.ts';

/** The `when` of a rule. */
export function validateConditions(conditions: AuthorizationRule['when'], found: Collector): void {
  for (const {key, values = [], notValues = []} of conditions ?? []) {
    if (key === '') found.error('`key` must not be empty');
    else if (values.length + notValues.length === 0) {
      found.error(`at least one of \`values\` or \`notValues\` must be set for key ${key}`);
    } else {
      const fault = attributeFault(key, values);
      if (fault) found.error(`invalid \`value\` for \`key\` ${key}: ${fault}`);
      const notFault = attributeFault(key, notValues);
      if (notFault) found.error(`invalid \`notValue\` for \`key\` ${key}: ${notFault}`);
    }
  }
}

type Check = (key: string, values: readonly string[]) => string | undefined;

const anything: Check = () => undefined;
const ips: Check = (_, values) => listText(ipFaults(values));
const replaced =
  (by: string): Check =>
  key =>
    `attribute ${key} is replaced by the ${by}`;
const deprecated: Check = key => `deprecated attribute ${key}: only supported in v1alpha1`;

/** `request.headers[User-Agent]` and the like. */
const named: Check = key => {
  const open = key.indexOf('[');
  const right = key.endsWith(']') && open > 0 && open < key.length - 2;
  return right ? undefined : `bad key (${key}): should have format a[b]`;
};

const attributes: Record<string, Check> = {
  'source.ip': ips,
  'remote.ip': ips,
  'source.namespace': anything,
  'source.serviceAccount': serviceAccountFault,
  'source.principal': anything,
  'source.trustDomain': wildcardFault,
  'request.auth.principal': anything,
  'request.auth.audiences': anything,
  'request.auth.presenter': anything,
  'destination.ip': ips,
  'destination.port': (_, values) => listText(portFaults(values)),
  'connection.sni': anything,
  'destination.namespace': replaced('metadata.namespace'),
  'destination.name': deprecated,
  'destination.user': deprecated,
};

const families: [prefix: string, check: Check][] = [
  ['request.headers', named],
  ['request.auth.claims', named],
  ['experimental.envoy.filters.', named],
  ['destination.labels', replaced('workload selector')],
];

/** Istio: `ValidateAttribute`. */
function attributeFault(key: string, values: readonly string[]): string | undefined {
  const empty = emptyFault(key, values);
  if (empty) return empty;
  const check =
    families.find(([prefix]) => key.startsWith(prefix))?.[1] ??
    (Object.hasOwn(attributes, key) ? attributes[key] : undefined);
  return check ? check(key, values) : `unknown attribute: ${key}`;
}

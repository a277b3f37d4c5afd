import type {Collector} from './findings.ts';
import {isDnsLabel} from './names.ts';

interface ExportTo {
  exportTo: readonly string[] | undefined;
  namespace: string;
  /** A ServiceEntry may be exported to nobody: `~`. */
  allowsNobody?: boolean;
  /** A DestinationRule with a selector stays in its namespace. */
  staysLocal?: boolean;
}

/** Istio: `validateExportTo`. */
export function validateExportTo(
  {exportTo = [], namespace, allowsNobody, staysLocal}: ExportTo,
  found: Collector,
): void {
  const targets = new Set<string>();
  for (const entry of exportTo) {
    const target = entry === '.' ? namespace : entry;
    if (targets.has(target)) {
      found.error(
        target === entry
          ? `duplicate entries in exportTo for entry ${entry}`
          : `duplicate entries in exportTo: . and current namespace ${namespace}`,
      );
      continue;
    }
    if (target === '~' && !allowsNobody) {
      found.error('exportTo ~ (none) is not allowed for Istio configuration objects');
    } else if (!['*', '.', '~'].includes(target) && !isDnsLabel(target)) {
      found.error('only .,*, or a valid DNS 1123 label is allowed as exportTo entry');
    } else targets.add(target);
  }
  if (staysLocal && targets.size > 0) {
    if (!targets.has(namespace)) {
      found.error('destination rule with workload selector cannot have exportTo beyond current namespace');
    } else if (targets.size > 1) {
      found.error('destination rule with workload selector cannot have multiple entries in exportTo');
    }
  }
  if (exportTo.length < 2) return;
  if (targets.has('*')) {
    found.error('cannot have both public (*) and non-public exportTo values for a resource');
  }
  if (targets.has('~')) found.error('cannot export service entry to no one (~) and someone');
}

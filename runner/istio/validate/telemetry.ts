import type {IstioObject} from '../types.ts';
import type {Collector} from './findings.ts';
import {type Attached, validateAttachment} from './selectors.ts';

interface TelemetrySpec extends Attached {
  tracing?: {providers?: unknown[]; customTags?: Record<string, unknown>}[];
  metrics?: {overrides?: {tagOverrides?: Record<string, TagOverride>}[]}[];
}

interface TagOverride {
  operation?: string;
  value?: string;
}

/**
 * Istio: `ValidateTelemetry`. The expression of an access log's filter is not looked at here; the sandbox's API
 * says that the filter has no effect.
 */
export function validateTelemetry(telemetry: IstioObject<TelemetrySpec>, found: Collector): void {
  const {tracing = [], metrics = [], ...attached} = telemetry.spec ?? {};
  validateAttachment(attached, found);
  for (const override of metrics.flatMap(({overrides = []}) => overrides)) {
    for (const [name, tag] of Object.entries(override.tagOverrides ?? {})) validateTag(name, tag, found);
  }
  if (tracing.length > 1) found.warn('multiple tracing is not currently supported');
  for (const {providers = [], customTags = {}} of tracing) {
    if (providers.length > 1) found.warn('multiple providers is not currently supported');
    if ('' in customTags) found.error('tag name may not be empty');
  }
}

function validateTag(name: string, {operation = 'UPSERT', value = ''}: TagOverride, found: Collector): void {
  if (name === '') found.warn('tagOverrides.name may not be empty');
  if (operation === 'UPSERT' && value === '') {
    found.error('tagOverrides.value must be set when operation is UPSERT');
  }
}

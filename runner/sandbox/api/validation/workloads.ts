import {isDeepStrictEqual} from 'node:util';
import {
  type FieldError,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from './field-error.ts';
import {validateAnnotations, validateLabels} from './metadata.ts';
import {nonNegative, validatePodSpec} from './pods.ts';

/** Deployments, ReplicaSets, StatefulSets and DaemonSets: what they have in common. */
export function validateWorkload(object: any, old: any): FieldError[] {
  const spec = object.spec ?? {};
  const errors: FieldError[] = [];
  if (spec.replicas < 0) errors.push(nonNegative('spec.replicas', spec.replicas));
  if (spec.minReadySeconds < 0) errors.push(nonNegative('spec.minReadySeconds', spec.minReadySeconds));
  errors.push(...validateSelector(spec, object.kind));
  errors.push(...validateTemplate(spec.template, 'spec.template'));
  const policy = spec.template?.spec?.restartPolicy;
  if (policy && policy !== 'Always') {
    errors.push(unsupportedValue('spec.template.spec.restartPolicy', policy, ['Always']));
  }
  if (old && !isDeepStrictEqual(spec.selector, old.spec?.selector)) {
    errors.push({
      reason: 'FieldValueInvalid',
      field: 'spec.selector',
      message: `Invalid value: ${JSON.stringify(spec.selector ?? null)}: field is immutable`,
    });
  }
  return errors;
}

function validateSelector(spec: any, kind: string): FieldError[] {
  const selector = spec.selector;
  if (!selector) return [requiredValue('spec.selector')];
  const empty = Object.keys(selector.matchLabels ?? {}).length === 0 && !selector.matchExpressions?.length;
  if (empty) {
    // ReplicaSets answer with the word of Deployments too.
    const word = kind === 'ReplicaSet' ? 'deployment' : kind.toLowerCase();
    return [invalidValue('spec.selector', selector, `empty selector is invalid for ${word}`)];
  }
  const errors = validateLabels(selector.matchLabels, 'spec.selector.matchLabels');
  const labels = spec.template?.metadata?.labels ?? {};
  if (!matches(selector, labels)) {
    errors.push({
      reason: 'FieldValueInvalid',
      field: 'spec.template.metadata.labels',
      message: `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
    });
  }
  return errors;
}

function matches(selector: any, labels: Record<string, string>): boolean {
  const exact = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  const expressions: {key: string; operator: string; values?: string[]}[] = selector.matchExpressions ?? [];
  return (
    exact &&
    expressions.every(({key, operator, values = []}) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      const listed = value !== undefined && values.includes(value);
      return operator === 'In' ? listed : !listed;
    })
  );
}

function validateTemplate(template: any, field: string): FieldError[] {
  return [
    ...validateLabels(template?.metadata?.labels, `${field}.labels`),
    ...validateAnnotations(template?.metadata?.annotations, `${field}.annotations`),
    ...validatePodSpec(template?.spec, `${field}.spec`),
  ];
}

export function validateDeployment(object: any, old: any): FieldError[] {
  const errors = validateWorkload(object, old);
  const strategy = object.spec?.strategy ?? {};
  const supported = ['Recreate', 'RollingUpdate'];
  if (strategy.type && !supported.includes(strategy.type)) {
    errors.push(unsupportedValue('spec.strategy', strategy, supported));
  }
  if (strategy.type === 'Recreate' && strategy.rollingUpdate) {
    errors.push(
      forbiddenValue(
        'spec.strategy.rollingUpdate',
        "may not be specified when strategy `type` is 'Recreate'",
      ),
    );
  }
  const {maxSurge, maxUnavailable} = strategy.rollingUpdate ?? {};
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    errors.push(
      invalidValue(
        'spec.strategy.rollingUpdate.maxUnavailable',
        maxUnavailable,
        'may not be 0 when `maxSurge` is 0',
      ),
    );
  }
  const {progressDeadlineSeconds, minReadySeconds = 0} = object.spec ?? {};
  if (progressDeadlineSeconds !== undefined && progressDeadlineSeconds <= minReadySeconds) {
    errors.push(
      invalidValue(
        'spec.progressDeadlineSeconds',
        progressDeadlineSeconds,
        'must be greater than minReadySeconds',
      ),
    );
  }
  return errors;
}

function isZero(value: unknown): boolean {
  return value === 0 || value === '0' || value === '0%';
}

export function validateJobSpec(spec: any, field: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const name of [
    'parallelism',
    'completions',
    'backoffLimit',
    'activeDeadlineSeconds',
    'ttlSecondsAfterFinished',
  ]) {
    if (spec?.[name] < 0) errors.push(nonNegative(`${field}.${name}`, spec[name]));
  }
  errors.push(...validateTemplate(spec?.template, `${field}.template`));
  const policy = spec?.template?.spec?.restartPolicy;
  if (policy === 'Always') {
    errors.push({
      reason: 'FieldValueRequired',
      field: `${field}.template.spec.restartPolicy`,
      message: 'Required value: valid values: "OnFailure", "Never"',
    });
  }
  return errors;
}

export function validateJob(object: any, old: any): FieldError[] {
  const errors = validateJobSpec(object.spec, 'spec');
  if (!old) return errors;
  if (!isDeepStrictEqual(object.spec?.template, old.spec?.template)) {
    errors.push({
      reason: 'FieldValueInvalid',
      field: 'spec.template',
      message: `Invalid value: ${JSON.stringify(object.spec?.template ?? null)}: field is immutable`,
    });
  }
  return errors;
}

export function validateCronJob(object: any): FieldError[] {
  const spec = object.spec ?? {};
  const errors: FieldError[] = [];
  if (!spec.schedule) errors.push(requiredValue('spec.schedule'));
  else if (!/^@(every \S+|yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(spec.schedule)) {
    const count = spec.schedule.trim().split(/\s+/).length;
    if (count !== 5) {
      errors.push(
        invalidValue(
          'spec.schedule',
          spec.schedule,
          `expected exactly 5 fields, found ${count}: [${spec.schedule.trim().split(/\s+/).join(' ')}]`,
        ),
      );
    }
  }
  const zone = timeZoneFault(spec.timeZone);
  if (zone) errors.push(invalidValue('spec.timeZone', spec.timeZone, zone));
  errors.push(...validateJobSpec(spec.jobTemplate?.spec, 'spec.jobTemplate.spec'));
  return errors;
}

/** What the API server says of a time zone that it does not take; it looks zones up in the IANA database as we do. */
function timeZoneFault(zone: string | undefined): string | undefined {
  if (zone === undefined) return undefined;
  if (zone === '') return 'timeZone must be nil or non-empty string';
  if (zone.toLowerCase() === 'local')
    return 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
  try {
    new Intl.DateTimeFormat('en', {timeZone: zone});
    return undefined;
  } catch {
    return `unknown time zone ${zone}`;
  }
}

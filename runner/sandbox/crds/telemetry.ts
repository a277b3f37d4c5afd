import type {CustomSchema} from '../api/schema/schema-types.ts';
import {
  choice,
  double,
  duration,
  flag,
  list,
  map,
  nullable,
  object,
  oneOf,
  text,
  withRules,
} from './builders.ts';
import {oneTarget, policyTargets} from './shared.ts';

const someText: CustomSchema = {...text, minLength: 1};
const providers = list(object({name: someText}, {required: ['name']}));
const mode = choice('CLIENT_AND_SERVER CLIENT SERVER');

const metric = choice(
  'ALL_METRICS REQUEST_COUNT REQUEST_DURATION REQUEST_SIZE RESPONSE_SIZE TCP_OPENED_CONNECTIONS TCP_CLOSED_CONNECTIONS TCP_SENT_BYTES TCP_RECEIVED_BYTES GRPC_REQUEST_MESSAGES GRPC_RESPONSE_MESSAGES',
);

const tagOverride = withRules(
  object({operation: choice('UPSERT REMOVE'), value: text}),
  {
    message: 'value must be set when operation is UPSERT',
    rule: "!has(self.operation) || self.operation != 'UPSERT' || self.value != ''",
  },
  {
    message: 'value must not be set when operation is REMOVE',
    rule: "!has(self.operation) || self.operation != 'REMOVE' || !has(self.value)",
  },
);

const metrics = object({
  overrides: list(
    object({
      disabled: nullable(flag),
      match: object({customMetric: someText, metric, mode}, oneOf('metric', 'customMetric')),
      tagOverrides: map(tagOverride),
    }),
  ),
  providers,
  reportingInterval: duration,
});

function tracing(minor: number): CustomSchema {
  const named = object({defaultValue: text, name: someText}, {required: ['name']});
  const valued = object({value: someText}, {required: ['value']});
  const formatter = minor >= 30;
  const customTag = object(
    {environment: named, header: named, literal: valued, ...(formatter ? {formatter: valued} : {})},
    oneOf('literal', 'environment', 'header', ...(formatter ? ['formatter'] : [])),
  );
  return object({
    customTags: map(customTag),
    ...(minor >= 30 ? {disableContextPropagation: nullable(flag)} : {}),
    disableSpanReporting: nullable(flag),
    enableIstioTags: nullable(flag),
    match: object({mode}),
    providers,
    randomSamplingPercentage: {...nullable(double), minimum: 0, maximum: 100},
    useRequestIdForTraceSampling: nullable(flag),
  });
}

export function telemetrySpec(minor: number): CustomSchema {
  const accessLogging = object({
    disabled: nullable(flag),
    filter: object({expression: text}),
    match: object({mode}),
    providers,
  });
  return withRules(
    object({
      accessLogging: list(accessLogging),
      metrics: list(metrics),
      ...policyTargets,
      tracing: list(tracing(minor)),
    }),
    oneTarget,
  );
}

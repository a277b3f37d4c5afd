import type {CustomSchema} from '../api/schema/schema-types.ts';
import {
  atMostOne,
  choice,
  duration,
  flag,
  list,
  map,
  object,
  oneOf,
  text,
  texts,
  withRules,
} from './builders.ts';
import {oneTarget, policyTargets, selector} from './shared.ts';

const someText: CustomSchema = {...text, minLength: 1};

/** Each name also with `not` before it: `paths`, `notPaths`. */
function withNegations(fields: Record<string, CustomSchema>): Record<string, CustomSchema> {
  const negated = Object.entries(fields).map(([name, schema]) => [
    `not${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    schema,
  ]);
  return {...fields, ...Object.fromEntries(negated)};
}

export function authorizationPolicySpec(minor: number): CustomSchema {
  const source = withRules(
    object(
      withNegations({
        ipBlocks: texts,
        namespaces: texts,
        principals: texts,
        remoteIpBlocks: texts,
        requestPrincipals: texts,
        serviceAccounts: list({...text, maxLength: 320}, {maxItems: 16}),
        ...(minor >= 30 ? {trustDomains: texts} : {}),
      }),
    ),
    {
      message: 'Cannot set serviceAccounts with namespaces or principals',
      rule: '!(has(self.serviceAccounts) || has(self.notServiceAccounts)) || !(has(self.principals) || has(self.notPrincipals) || has(self.namespaces) || has(self.notNamespaces))',
    },
  );
  const operation = object(withNegations({hosts: texts, methods: texts, paths: texts, ports: texts}));
  const rule = object({
    from: list(object({source}), {maxItems: 512}),
    to: list(object({operation})),
    when: list(object({key: text, notValues: texts, values: texts}, {required: ['key']})),
  });
  return withRules(
    object(
      {
        action: choice('ALLOW DENY AUDIT CUSTOM'),
        provider: object({name: text}),
        rules: list(rule, {maxItems: 512}),
        ...policyTargets,
      },
      oneOf('provider'),
    ),
    oneTarget,
  );
}

export function peerAuthenticationSpec(): CustomSchema {
  const mtls = object({mode: choice('UNSET DISABLE PERMISSIVE STRICT')});
  const portLevelMtls = withRules(map(mtls, {minProperties: 1}), {
    message: 'port must be between 1-65535',
    rule: 'self.all(port, int(port) >= 1 && int(port) <= 65535)',
  });
  return withRules(object({mtls, portLevelMtls, selector}), {
    message: 'portLevelMtls requires selector',
    rule: '!has(self.portLevelMtls) || (has(self.selector) && has(self.selector.matchLabels) && self.selector.matchLabels.size() > 0)',
  });
}

export function requestAuthenticationSpec(minor: number): CustomSchema {
  const location = withRules(
    {...text, minLength: 1, maxLength: 2048},
    {message: 'url must have scheme http:// or https://', rule: "url(self).getScheme() in ['http', 'https']"},
  );
  const jwtRule = withRules(
    object({
      audiences: list(someText),
      forwardOriginalToken: flag,
      fromCookies: list(someText),
      fromHeaders: list(object({name: someText, prefix: text}, {required: ['name']})),
      fromParams: list(someText),
      issuer: someText,
      jwks: text,
      jwks_uri: location,
      jwksUri: location,
      outputClaimToHeaders: list(
        object(
          {claim: someText, header: {...someText, pattern: '^[-_A-Za-z0-9]+$'}},
          {required: ['header', 'claim']},
        ),
      ),
      outputPayloadToHeader: text,
      ...(minor >= 30 ? {spaceDelimitedClaims: list(someText, {maxItems: 64})} : {}),
      timeout: duration,
    }),
    atMostOne(['jwksUri', 'jwks_uri', 'jwks'], 'only one of jwks or jwksUri can be set'),
  );
  return withRules(object({jwtRules: list(jwtRule, {maxItems: 4096}), ...policyTargets}), oneTarget);
}

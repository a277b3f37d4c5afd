import {rfc3339} from '../../clock.ts';
import {decodeBody} from '../bodies.ts';
import {invalid} from '../failures.ts';
import {checkMessage} from '../field-validation.ts';
import {jsonResponse} from '../messages.ts';
import type {BuiltinSubresource} from './subresource.ts';

const audience = 'https://kubernetes.default.svc.cluster.local';
const shortest = 600;

/** `serviceaccounts/token`: a signed token for a service account, valid for an hour unless asked otherwise. */
export const serveTokenRequest: BuiltinSubresource = ({request, operations, clock, tokens}) => {
  const {type, info} = request;
  const account = operations.get(type, info.namespace, info.name);
  const body = decodeBody(request.request.body, request.request.headers['content-type']) ?? {};
  checkMessage('authentication.v1.TokenRequest', body);
  const seconds = body.spec?.expirationSeconds ?? 3600;
  if (seconds < shortest) {
    throw invalid({group: 'authentication.k8s.io', kind: 'TokenRequest'}, '', [
      {
        reason: 'FieldValueInvalid',
        field: 'spec.expirationSeconds',
        message: `Invalid value: ${seconds}: may not specify a duration less than 10 minutes`,
      },
    ]);
  }
  const audiences: string[] = body.spec?.audiences?.length ? body.spec.audiences : [audience];
  const now = clock.now();
  const expires = now + seconds * 1000;
  const token = tokens.issue({
    namespace: account.metadata.namespace ?? '',
    name: account.metadata.name,
    uid: account.metadata.uid ?? '',
    issued: now,
    expires,
    audiences,
  });
  return jsonResponse(201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {
      name: account.metadata.name,
      namespace: account.metadata.namespace,
      creationTimestamp: rfc3339(now),
    },
    spec: {...body.spec, audiences, expirationSeconds: seconds},
    status: {token, expirationTimestamp: rfc3339(expires)},
  });
};

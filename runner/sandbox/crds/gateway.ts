import type {CustomSchema} from '../api/schema/schema-types.ts';
import {choice, list, map, object, text, texts} from './builders.ts';
import {connectionPool, destination, portFields, serverTls, workloadSelector} from './shared.ts';

export function gatewaySpec(minor: number): CustomSchema {
  const server = object(
    {
      bind: text,
      defaultEndpoint: text,
      hosts: texts,
      name: text,
      port: object(portFields, {required: ['number', 'protocol', 'name']}),
      tls: serverTls(minor),
    },
    {required: ['port', 'hosts']},
  );
  return object({selector: map(text), servers: list(server)});
}

export function sidecarSpec(minor: number): CustomSchema {
  const captureMode = choice('DEFAULT IPTABLES NONE');
  const port = object(portFields);
  return object({
    egress: list(object({bind: text, captureMode, hosts: texts, port}, {required: ['hosts']})),
    inboundConnectionPool: connectionPool,
    ingress: list(
      object(
        {bind: text, captureMode, connectionPool, defaultEndpoint: text, port, tls: serverTls(minor)},
        {required: ['port']},
      ),
    ),
    outboundTrafficPolicy: object({egressProxy: destination, mode: choice('REGISTRY_ONLY ALLOW_ANY')}),
    workloadSelector,
  });
}

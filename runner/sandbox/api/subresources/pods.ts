import {copyJson} from '../../json.ts';
import {decodeBody} from '../bodies.ts';
import {badRequest, conflict} from '../failures.ts';
import {checkMessage} from '../field-validation.ts';
import {jsonResponse} from '../messages.ts';
import type {BuiltinSubresource} from './subresource.ts';

/** `pods/binding`: a scheduler's word on which node a pod runs. */
export const serveBinding: BuiltinSubresource = ({request, operations, context}) => {
  const {type, info} = request;
  const pod = copyJson(operations.get(type, info.namespace, info.name));
  const binding = decodeBody(request.request.body, request.request.headers['content-type']);
  checkMessage('core.v1.Binding', binding ?? {});
  const node: string | undefined = binding?.target?.name;
  if (!node) throw badRequest('the binding names no target');
  if (pod['spec'].nodeName) {
    throw conflict(type, info.name, `pod ${info.name} is already assigned to node "${pod['spec'].nodeName}"`);
  }
  pod['spec'].nodeName = node;
  operations.update(type, pod, context, {subresource: 'binding'});
  return jsonResponse(201, {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201});
};

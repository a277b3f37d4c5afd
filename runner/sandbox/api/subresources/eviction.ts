import {decodeBody} from '../bodies.ts';
import {ApiError} from '../errors.ts';
import {checkMessage} from '../field-validation.ts';
import {labelSelectorOf} from '../label-selectors.ts';
import {jsonResponse} from '../messages.ts';
import type {BuiltinSubresource} from './subresource.ts';

/** `pods/eviction`: a deletion that PodDisruptionBudgets can refuse (429). */
export const serveEviction: BuiltinSubresource = ({request, operations, context}) => {
  const {type, info} = request;
  const pod = operations.get(type, info.namespace, info.name);
  const eviction = decodeBody(request.request.body, request.request.headers['content-type']) ?? {};
  checkMessage('policy.v1.Eviction', eviction);
  const budgets = operations.store
    .list('poddisruptionbudgets.policy', info.namespace)
    .filter(budget => labelSelectorOf(budget['spec']?.selector)(pod.metadata.labels ?? {}));
  const ready = pod['status']?.phase === 'Running';
  const refusing = ready && budgets.find(budget => (budget['status']?.disruptionsAllowed ?? 0) <= 0);
  if (refusing) {
    const {currentHealthy = 0, desiredHealthy = 0} = refusing['status'] ?? {};
    throw new ApiError(
      429,
      'TooManyRequests',
      "Cannot evict pod as it would violate the pod's disruption budget.",
      {
        causes: [
          {
            reason: 'DisruptionBudget',
            message: `The disruption budget ${refusing.metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
          },
        ],
      },
    );
  }
  const {dryRun = [], ...options} = eviction.deleteOptions ?? {};
  const dry = context.dryRun || dryRun.includes('All');
  operations.delete(type, info.namespace, info.name, options, {...context, dryRun: dry});
  return jsonResponse(201, {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201});
};

import type {Container, ContainerStatus, Pod} from '../objects.ts';
import {badRequest} from './statuses.ts';

/** The container a request names, or the only one the pod has. @throws ApiError as the API server words it. */
export function chooseContainer(pod: Pod, asked: string | null): Container {
  const containers = pod.spec.containers;
  const initContainers = pod.spec.initContainers ?? [];
  if (asked) {
    const found = [...containers, ...initContainers].find(container => container.name === asked);
    if (!found) throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
    return found;
  }
  const [only, ...others] = containers;
  if (only && others.length === 0 && initContainers.length === 0) return only;
  const names = (list: readonly Container[]) => `[${list.map(container => container.name).join(' ')}]`;
  const inits = initContainers.length === 0 ? '' : ` or one of the init containers: ${names(initContainers)}`;
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: ${names(containers)}${inits}`,
  );
}

/** The status of a container or an init container, once the kubelet has one. */
export function containerStatus(pod: Pod, name: string): ContainerStatus | undefined {
  const {containerStatuses = [], initContainerStatuses = []} = pod.status ?? {};
  return [...containerStatuses, ...initContainerStatuses].find(status => status.name === name);
}

/** The container's id without `containerd://`. */
export function bareContainerId(status: ContainerStatus | undefined): string {
  return status?.containerID?.replace(/^\w+:\/\//, '') ?? '';
}

import type {ApiClient} from '../api/client.ts';
import type {Clock, Random} from '../clock.ts';
import {startCronJobs} from './cron-jobs.ts';
import {startCustomResourceDefinitions} from './custom-resource-definitions.ts';
import {startDaemonSets} from './daemon-sets.ts';
import {startDeployments} from './deployments/deployments.ts';
import {startDisruptionBudgets} from './disruption-budgets.ts';
import {startEndpoints} from './endpoints/endpoints.ts';
import {startEventExpiry} from './event-expiry.ts';
import {startGarbageCollector} from './garbage-collector.ts';
import {startJobs} from './jobs.ts';
import {createResourceWatch} from './known-resources.ts';
import {startNamespaces} from './namespaces.ts';
import {startPersistentVolumeClaims} from './persistent-volume-claims.ts';
import {startPodAutoscalers} from './pod-autoscalers.ts';
import {startReplicaSets} from './replica-sets.ts';
import {startRootCertificates} from './root-certificates.ts';
import {createRuntime} from './runtime.ts';
import {startServiceAccounts} from './service-accounts.ts';
import {type LoadBalancerAddress, startServices} from './services.ts';
import {startStatefulSets} from './stateful-sets.ts';

export interface ControllersOptions {
  client: ApiClient;
  clock: Clock;
  random: Random;
  /** The cluster's CA certificate (PEM), published in every namespace; without it none is. */
  rootCertificate?: string;
  /** @default none: EXTERNAL-IP stays `<pending>`, as on kind */
  loadBalancerAddress?: LoadBalancerAddress;
  /** Hears of every reconcile that failed; each is tried again. */
  onError?: (key: string, error: unknown) => void;
}

export interface Controllers {
  /** Resolves when nothing is left to do now; what waits for time does not count. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts what kube-controller-manager does in a real cluster. */
export function startControllers(options: ControllersOptions): Controllers {
  const runtime = createRuntime(options);
  startServiceAccounts(runtime);
  if (options.rootCertificate !== undefined) startRootCertificates(runtime, options.rootCertificate);
  startDeployments(runtime);
  startReplicaSets(runtime);
  startDaemonSets(runtime);
  startStatefulSets(runtime);
  startJobs(runtime);
  startCronJobs(runtime);
  startPersistentVolumeClaims(runtime);
  startPodAutoscalers(runtime);
  startDisruptionBudgets(runtime);
  startEndpoints(runtime);
  if (options.loadBalancerAddress) startServices(runtime, options.loadBalancerAddress);
  const resources = createResourceWatch(runtime);
  startCustomResourceDefinitions(runtime, resources);
  startNamespaces(runtime, resources);
  startGarbageCollector(runtime, resources);
  resources.start();
  startEventExpiry(runtime);
  return {
    idle: () => runtime.turns.idle(),
    async close() {
      runtime.close();
      await runtime.turns.idle();
    },
  };
}

import type {Service} from '../objects.ts';
import {keyOf, splitKey} from './keys.ts';
import type {Runtime} from './runtime.ts';

/**
 * The external address of a Service of type LoadBalancer, or undefined to leave EXTERNAL-IP at `<pending>`, as it
 * stays on kind, where nothing provides load balancers.
 */
export type LoadBalancerAddress = (service: Service) => string | undefined;

/** Gives Services of type LoadBalancer their address; cluster IPs and node ports come from the API server. */
export function startServices(runtime: Runtime, loadBalancerAddress: LoadBalancerAddress): void {
  const {client} = runtime;
  const events = runtime.recorder('service-controller');
  const queue = runtime.queue(reconcile, 'services');
  runtime.watch('services', ({object}) => queue.add(keyOf(object)));

  function reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const service = client.get<Service>('services', name, namespace);
    if (!service || service.metadata.deletionTimestamp !== undefined) return;
    const before = service['status']?.loadBalancer?.ingress;
    if (service.spec.type !== 'LoadBalancer') {
      if (before) client.updateStatus('services', {...service, status: {loadBalancer: {}}});
      return;
    }
    const ip = before ? undefined : loadBalancerAddress(service);
    if (ip === undefined) return;
    events.normal(service, 'EnsuringLoadBalancer', 'Ensuring load balancer');
    client.updateStatus('services', {...service, status: {loadBalancer: {ingress: [{ip, ipMode: 'VIP'}]}}});
    events.normal(service, 'EnsuredLoadBalancer', 'Ensured load balancer');
  }
}

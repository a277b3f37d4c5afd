import type {MeshService, MeshSnapshot} from '../../snapshot.ts';
import type {Candidate} from '../cause.ts';
import {change} from '../cause.ts';
import {calleeOf, type Mechanism, type Suspect} from './mechanism.ts';

/** The Service itself: not there, without the port, or without a pod behind it. */
export const servicesBehind: Mechanism = suspect => {
  switch (suspect.hop.decision.kind) {
    case 'no-service':
      return [missing(suspect)];
    case 'no-port':
      return otherPort(suspect);
    default:
      return withoutPods(suspect);
  }
};

function missing({snapshot, hop}: Suspect): Candidate {
  const {host, port} = hop.request;
  const [name = '', namespace = hop.from.namespace || 'bookinfo'] = host.split('.');
  const workloads = snapshot.workloads.filter(
    each => each.namespace === namespace && each.labels['app'] === name,
  );
  const service: MeshService = {
    hostname: `${name}.${namespace}.svc.cluster.local`,
    name,
    namespace,
    source: 'kubernetes',
    addresses: ['10.96.255.254'],
    headless: false,
    external: false,
    resolution: 'static',
    created: '',
    exportTo: ['*'],
    labels: {},
    selector: {app: name},
    ports: [
      {
        number: port,
        name: 'http',
        protocol: 'http',
        http2: false,
        targetPort: port,
        endpoints: workloads
          .filter(({ready}) => ready)
          .map(workload => ({ip: workload.ip, port, labels: workload.labels, workload})),
      },
    ],
  };
  return {
    code: 'service-missing',
    sentence: `There is no Service ${name} in the namespace ${namespace}, so its name means nothing to ${hop.from.app}.`,
    look: 'Programs find each other by the names of Services; a Deployment has none.',
    object: `Service ${namespace}/${name}`,
    fix: `create the Service: selector app=${name}, port ${port} named http`,
    command: `kubectl get services -n ${namespace}`,
    mended: {...snapshot, services: [...snapshot.services, service]},
  };
}

function otherPort({snapshot, hop}: Suspect): readonly Candidate[] {
  const service = snapshot.services.find(({hostname}) => hostname === hop.service);
  const written = service?.ports[0];
  if (!service || !written) return [];
  return [
    {
      code: 'port-missing',
      sentence: `The Service ${service.name} has the port ${written.number}, and ${hop.from.app} calls ${hop.request.port}.`,
      look: 'The column PORT(S) shows what a Service can be called at.',
      object: `Service ${service.namespace}/${service.name}`,
      fix: change('spec.ports[0].port', written.number, hop.request.port),
      command: `kubectl edit service ${service.name} -n ${service.namespace}`,
      mended: withPort(snapshot, service, {number: hop.request.port}),
    },
  ];
}

function withPort(snapshot: MeshSnapshot, service: MeshService, changed: {number: number}): MeshSnapshot {
  return {
    ...snapshot,
    services: snapshot.services.map(other =>
      other === service
        ? {...other, ports: other.ports.map((port, index) => (index === 0 ? {...port, ...changed} : port))}
        : other,
    ),
  };
}

/** A Service whose selector fits no pod, although pods of its name are there. */
function withoutPods({snapshot, hop}: Suspect): readonly Candidate[] {
  const service = snapshot.services.find(({hostname}) => hostname === hop.service);
  const own = service?.ports.find(({number}) => number === hop.request.port);
  if (!service || !own || own.endpoints.length > 0) return [];
  const pods = snapshot.workloads.filter(
    ({namespace, labels, ready}) =>
      ready && namespace === service.namespace && labels['app'] === service.name,
  );
  const selects = Object.entries(service.selector ?? {}).every(([key, value]) =>
    pods.some(({labels}) => labels[key] === value),
  );
  if (pods.length === 0 || selects) return [];
  const port = typeof own.targetPort === 'number' ? own.targetPort : own.number;
  const endpoints = pods.map(workload => ({ip: workload.ip, port, labels: workload.labels, workload}));
  return [
    {
      code: 'service-without-endpoints',
      sentence: `The Service ${service.name} selects no pod, so that nobody answers for ${calleeOf(hop)}.`,
      look: 'kubectl get endpointslices shows which pods stand behind a Service.',
      object: `Service ${service.namespace}/${service.name}`,
      fix: `spec.selector: ${JSON.stringify(service.selector ?? {})} -> {"app":"${service.name}"}`,
      command: `kubectl edit service ${service.name} -n ${service.namespace}`,
      mended: {
        ...snapshot,
        services: snapshot.services.map(other =>
          other === service
            ? {
                ...other,
                selector: {app: service.name},
                ports: other.ports.map(each => ({...each, endpoints})),
              }
            : other,
        ),
      },
    },
  ];
}

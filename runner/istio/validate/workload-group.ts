import type {IstioObject} from '../types.ts';
import {type Collector, collector, listText} from './findings.ts';
import {validateLabels} from './names.ts';

interface Probe {
  httpGet?: {httpHeaders?: {name?: string}[]};
  tcpSocket?: object;
  exec?: {command?: string[]};
  grpc?: object;
}

interface WorkloadGroupSpec {
  metadata?: {labels?: Record<string, string>};
  probe?: Probe;
}

/** Istio: `ValidateWorkloadGroup`. */
export function validateWorkloadGroup(group: IstioObject<WorkloadGroupSpec>, found: Collector): void {
  const {metadata, probe} = group.spec ?? {};
  const labels = collector();
  validateLabels(metadata?.labels, labels);
  const fault = listText(labels.errors);
  if (fault) found.error(`invalid labels: ${fault}`);
  else if (probe) validateProbe(probe, found);
}

const headerName = /^[-A-Za-z0-9]+$/;

function validateProbe({httpGet, tcpSocket, exec, grpc}: Probe, found: Collector): void {
  for (const {name = ''} of httpGet?.httpHeaders ?? []) {
    if (name === '') found.error('header name cannot be empty');
    else if (!headerName.test(name)) found.error(`header name ${name} is not a valid header name`);
  }
  if (exec && !exec.command?.length) found.error('exec.command is required');
  // Istio's API has probes by gRPC, and its webhook does not know them.
  if (!httpGet && !tcpSocket && !exec) {
    found.error(`unknown health check method ${grpc ? '*v1alpha3.ReadinessProbe_Grpc' : '<nil>'}`);
  }
}

import type {Lines} from './text.ts';

/** An amount of a resource, and how it is to be written: `500m`, `2Gi`, `1k`. */
interface Amount {
  /** Thousandths of the resource's unit. */
  milli: bigint;
  binary: boolean;
}

const none: Amount = {milli: 0n, binary: false};
const decimal = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
function parseAmount(text: unknown): Amount {
  const [, number = '0', suffix = ''] = /^([\d.]+)([a-zA-Z]*)$/.exec(String(text ?? '0')) ?? [];
  const binary = suffix.endsWith('i');
  const [whole = '0', fraction = ''] = number.split('.');
  const thousandths = BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, '0').slice(0, 3));
  if (suffix === 'm') return {milli: BigInt(whole), binary};
  const unit = binary ? suffix.slice(0, 1).replace('K', 'k') : suffix;
  const power = BigInt(Math.max(0, decimal.indexOf(unit)));
  return {milli: thousandths * (binary ? 1024n : 1000n) ** power, binary};
}

function add(a: Amount, b: Amount): Amount {
  // A sum is written as its first part that is not nothing.
  return {milli: a.milli + b.milli, binary: a.milli === 0n ? b.binary : a.binary};
}

function larger(a: Amount, b: Amount): Amount {
  return b.milli > a.milli ? b : a;
}

/** The shortest form without a fraction, as the API server writes it too. */
function amountText({milli, binary}: Amount): string {
  if (milli % 1000n !== 0n) return `${milli}m`;
  const base = binary ? 1024n : 1000n;
  let value = milli / 1000n;
  let power = 0;
  while (value !== 0n && value % base === 0n && power < decimal.length - 1) {
    value /= base;
    power += 1;
  }
  const unit = decimal[power] ?? '';
  return `${value}${binary && unit ? `${unit.replace('k', 'K')}i` : unit}`;
}

type Kind = 'requests' | 'limits';

/**
 * What a pod as a whole takes: its containers and native sidecars together, or the init container that takes more.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
function ofPod(pod: any, kind: Kind, resource: string): Amount {
  const of = (container: any): Amount => parseAmount(container.resources?.[kind]?.[resource]);
  let sidecars = none;
  let starting = none;
  for (const container of pod.spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') {
      sidecars = add(sidecars, of(container));
      starting = larger(starting, sidecars);
    } else starting = larger(starting, add(sidecars, of(container)));
  }
  const running = (pod.spec.containers ?? []).reduce(
    (sum: Amount, each: any) => add(sum, of(each)),
    sidecars,
  );
  return larger(running, starting);
}

/** The pods of a node and what they ask of it, as `kubectl describe node` has it. @param age of a pod, in words. */
export function nodeResources(
  lines: Lines,
  options: {pods: readonly any[]; allocatable: Record<string, string>; age(pod: any): string},
): void {
  const {pods, allocatable, age} = options;
  const share = (amount: Amount, resource: string): string => {
    const whole = parseAmount(allocatable[resource]).milli;
    const percent = whole === 0n ? 0n : (amount.milli * 100n) / whole;
    return `${amountText(amount)} (${percent}%)`;
  };
  const cells = (pod: any): string[] =>
    ['cpu', 'memory'].flatMap(resource =>
      (['requests', 'limits'] as const).map(kind => share(ofPod(pod, kind, resource), resource)),
    );
  lines.add(0, `Non-terminated Pods:\t(${pods.length} in total)`);
  lines.add(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge');
  lines.add(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  for (const pod of pods) {
    const {namespace, name} = pod.metadata;
    lines.add(1, [namespace, name, '', ...cells(pod), age(pod)].join('\t'));
  }
  lines.add(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)');
  lines.add(1, 'Resource\tRequests\tLimits');
  lines.add(1, '--------\t--------\t------');
  const others = Object.keys(allocatable).filter(name => !/^(cpu|memory|ephemeral-storage|pods)$/.test(name));
  for (const resource of ['cpu', 'memory', 'ephemeral-storage', ...others.sort()]) {
    const total = (kind: Kind): Amount =>
      pods.reduce((sum, pod) => add(sum, ofPod(pod, kind, resource)), none);
    lines.add(1, `${resource}\t${share(total('requests'), resource)}\t${share(total('limits'), resource)}`);
  }
}

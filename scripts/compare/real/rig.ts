import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {IstioObject} from '../../../runner/istio/types.ts';
import {type CaseRequest, type CompareCase, completed, timesFor} from '../cases/case.ts';
import type {KubernetesApi} from '../kubernetes/api.ts';
import {startMemoryApi} from '../kubernetes/memory-api.ts';
import type {PodPorts} from '../kubernetes/port-forwards.ts';
import {inBlock} from '../world/addresses.ts';
import {type CallerId, callerIds, callers} from '../world/callers.ts';
import {applied, kubernetesObjects} from '../world/kubernetes-objects.ts';
import type {WorldOptions} from '../world/services.ts';
import {accessLogs, requestIdHeader} from './access-logs.ts';
import {ask, type RawAnswer} from './asking.ts';
import {type ChildProcesses, childProcesses} from './child-processes.ts';
import {type EchoServers, startEchoServers} from './echo-servers.ts';
import {bootstrap, envoyArguments, RefusedByEnvoy, refusedUpdates, settlement} from './envoy.ts';
import {freePorts} from './free-ports.ts';
import {fetchText} from './http.ts';
import type {Programs} from './install.ts';
import {istiodCommand, meshConfigMap} from './istiod.ts';
import {istiodPod, marker, plumbing} from './plumbing.ts';
import {startRelay} from './relay.ts';
import {waitUntil} from './wait-until.ts';
import {type Admission, admissionReview} from './webhook.ts';

export interface RigOptions {
  programs: Programs;
  /** For state and logs. */
  folder: string;
  /** The callers that get a proxy. @default all */
  only?: readonly CallerId[];
  /** What istiod reads its objects from. @default a small API in memory */
  startApi?: (podPorts: PodPorts) => Promise<KubernetesApi>;
}

/**
 * The real thing without a cluster: istiod with a Kubernetes API in memory, an Envoy for each caller, and echo servers
 * in place of pods; everything on loopback.
 */
export interface Rig {
  /**
   * Makes the cluster hold these objects and waits until all proxies have them.
   *
   * @throws {RefusedByEnvoy} when a proxy does not take what istiod makes of them.
   */
  apply(objects: readonly IstioObject[], options?: WorldOptions): Promise<void>;
  ask(request: CaseRequest, times: number, options?: WorldOptions): Promise<RawAnswer[]>;
  /** What istiod's validation webhook says about an object that is created. */
  validate(object: IstioObject): Promise<Admission>;
  /** The kubeconfig of its API, whose pods can be entered where they have a proxy. */
  kubeconfig: string;
  /** Makes the cluster hold these objects and waits for nobody. */
  show(objects: readonly IstioObject[], options?: WorldOptions): Promise<void>;
  /** Keeps from a proxy what istiod sends, until it is let go. */
  hold(id: CallerId): void;
  release(id: CallerId): void;
  /** The name of a program that ended by itself, and its output. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

/** Where an istiod and its proxies tell of themselves, in a pod. */
const monitoringPort = 15014;
const adminPort = 15000;

/** @throws when a program can't be started, or no block of loopback is free. */
export async function startRig(options: RigOptions): Promise<Rig> {
  mkdirSync(options.folder, {recursive: true});
  const children = childProcesses(options.folder);
  const stops: (() => unknown)[] = [() => children.stop()];
  try {
    return await start(options, children, stops);
  } catch (error) {
    for (const stop of stops) await stop();
    throw error;
  }
}

async function start(
  {programs, folder, only = callerIds, startApi = startMemoryApi}: RigOptions,
  children: ChildProcesses,
  stops: (() => unknown)[],
): Promise<Rig> {
  const {block, echoes} = await claimBlock();
  stops.push(() => echoes.close());
  const [grpc = 0, http = 0, monitoring = 0, ...admins] = await freePorts(3 + only.length);
  const api = await startApi(({namespace, name, port}) => {
    if (port === monitoringPort && name === istiodPod) return monitoring;
    const index = only.findIndex(id => callers[id].name === name && callers[id].namespace === namespace);
    return port === adminPort ? admins[index] : undefined;
  });
  stops.push(() => api.stop());
  const logs = accessLogs();
  stops.push(() => logs.close());
  const relays = new Map(await Promise.all(only.map(async id => [id, await startRelay(grpc)] as const)));
  stops.push(() => {
    for (const relay of relays.values()) relay.close();
  });

  const present = new Map<string, {object: IstioObject; text: string}>();
  let number = 0;
  let outbound: string | undefined;
  let mirrored = false;

  /** Brings the API to exactly these objects, with as few changes as that takes. */
  async function show(objects: readonly IstioObject[]): Promise<void> {
    const wanted = new Map(objects.map(object => [keyOf(object), inBlock(object, block)]));
    for (const [key, {object}] of present) {
      if (wanted.has(key)) continue;
      await api.remove(object);
      present.delete(key);
    }
    for (const [key, object] of wanted) {
      const text = JSON.stringify(object);
      if (present.get(key)?.text === text) continue;
      await api.put(object);
      present.set(key, {object, text});
    }
  }

  function ground(options: WorldOptions = {}): IstioObject[] {
    const outbound = options.meshConfig?.outboundTrafficPolicy ?? 'ALLOW_ANY';
    return [
      ...Object.values(kubernetesObjects(options)).flat(),
      ...plumbing(),
      meshConfigMap(outbound, grpc),
    ];
  }

  function ended(): string | undefined {
    const name = children.ended();
    return name && `${name} ended; its output is ${path.join(folder, name, 'output.log')}`;
  }

  await show([...ground(), marker(0)]);
  const kubeconfig = path.join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, api.kubeconfig, {mode: 0o600});
  const {args, env} = istiodCommand({grpc, http, monitoring}, kubeconfig);
  children.start('istiod', programs.pilot, args, env);
  await waitUntil('istiod', async () => {
    if (ended()) throw new Error(ended());
    return (await fetchText(http, '/ready').catch(() => 'not yet')) === '';
  });
  // It says that it is ready before its webhook answers.
  await waitUntil('the webhook', async () => !(await fetchText(http, '/validate')).startsWith('404'));

  const settled = only.map((id, index) => {
    const admin = admins[index] ?? 0;
    const name = `envoy-${id}`;
    const file = path.join(folder, `${name}.json`);
    writeFileSync(
      file,
      JSON.stringify(inBlock(bootstrap(id, {admin, grpc: relays.get(id)?.port ?? grpc}), block)),
    );
    mkdirSync(path.join(folder, name), {recursive: true});
    logs.follow(path.join(folder, name, 'access.log'));
    children.start(name, programs.envoy, envoyArguments(file));
    return settlement(admin);
  });
  const refused = async () => (await Promise.all(admins.map(refusedUpdates))).join();
  const haveAll = async () => (await Promise.all(settled.map(has => has(number)))).every(Boolean);
  await waitUntil('the first configuration', haveAll);

  return {
    async apply(objects, options) {
      const wanted = [...ground(options), ...applied(objects, options)];
      mirrored = /"mirrors?"/.test(JSON.stringify(objects));
      const policy = options?.meshConfig?.outboundTrafficPolicy;
      // istiod hears of its own configuration on another way, and watches each kind by itself, of which one may lag
      // behind the marker's in an API that does more than keep objects: a second round comes surely after them.
      const rounds = policy === outbound && startApi === startMemoryApi ? 1 : 2;
      outbound = policy;
      for (let round = 0; round < rounds; round += 1) {
        number += 1;
        const before = await refused();
        await show([...wanted, marker(number)]);
        try {
          await waitUntil(`configuration ${number}`, haveAll, 8000);
        } catch (error) {
          if ((await refused()) === before) throw error;
          throw new RefusedByEnvoy(`Envoy refused configuration ${number}`, {cause: error});
        }
      }
    },
    ask: (request, times, options) =>
      ask(completed(request, options), {times, block, logs, echoes, mirrored}),
    async validate(object) {
      const [whole] = applied([object]);
      const answer = await fetchText(http, '/validate', admissionReview(whole as IstioObject));
      const {response} = JSON.parse(answer);
      return {
        allowed: response.allowed,
        message: response.status?.message,
        warnings: response.warnings ?? [],
      };
    },
    kubeconfig,
    show: (objects, options) => show([...ground(options), ...applied(objects, options), marker(number)]),
    hold: id => relays.get(id)?.hold(),
    release: id => relays.get(id)?.release(),
    ended,
    async stop() {
      for (const stop of stops) await stop();
    },
  };
}

/** The first block of loopback whose addresses can be bound; others may be in use by a rig beside this one. */
async function claimBlock(): Promise<{block: number; echoes: EchoServers}> {
  for (let block = 1; block < 30; block += 1) {
    try {
      return {block, echoes: await startEchoServers(block, requestIdHeader)};
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException;
      if (code === 'EACCES') {
        throw new Error(
          'port 80 may not be bound: run it as root, or in `unshare -rn` after `ip link set lo up`',
        );
      }
      if (code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error('no block of loopback addresses is free');
}

function keyOf({kind, apiVersion, metadata}: IstioObject): string {
  return [apiVersion.split('/')[0], kind, metadata.namespace, metadata.name].join('/');
}

/** The objects that istiod's webhook lets in, and what it says about the others. */
export async function admitted(
  rig: Rig,
  objects: readonly IstioObject[],
): Promise<{accepted: IstioObject[]; refused: string[]}> {
  const accepted: IstioObject[] = [];
  const refused: string[] = [];
  for (const object of objects) {
    const {allowed, message} = await rig.validate(object);
    if (allowed) accepted.push(object);
    else refused.push(`${object.kind} ${object.metadata.name}: ${message}`);
  }
  return {accepted, refused};
}

/** The answers to each request of a case. */
export async function askReal(rig: Rig, each: CompareCase): Promise<RawAnswer[][]> {
  await rig.apply(each.objects, each.options);
  const found: RawAnswer[][] = [];
  for (const request of each.requests) {
    found.push(await rig.ask(request, request.times ?? timesFor(each), each.options));
  }
  return found;
}

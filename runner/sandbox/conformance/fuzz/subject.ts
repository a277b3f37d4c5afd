import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {stillRuns} from '../../../../verify/process-identity.ts';
import type {SandboxHandshake} from '../../lifecycle/control.ts';
import {memoryMegabytes, readiness, readyWithin} from '../process-figures.ts';
import {openWorkbench, type Workbench} from '../sandbox-process.ts';
import {collectionOf, type Input, requestFor, soundObject} from './input.ts';
import {type RawAnswer, type RawClient, rawClient} from './raw-client.ts';
import {type ServedKind, servedKinds} from './served-kinds.ts';

/** An object that a client was told is stored. */
interface Kept {
  kind: ServedKind;
  name: string;
  namespace: string;
  uid: string;
  object: any;
}

export interface Figures {
  inputs: number;
  accepted: number;
  refused: number;
  restarts: number;
  stirs: number;
  watches: number;
  /** The longest that `/readyz` took beside an input, in milliseconds. */
  slowestReady: number;
  peakMegabytes: number;
  handles: number;
  kinds: number;
}

/** A sandbox that inputs are played to, and what has to be true of it after each. */
export interface Subject {
  kinds: readonly ServedKind[];
  figures: Figures;
  /** @returns what is wrong, in words, or nothing. */
  play(input: Input): Promise<string | undefined>;
  /** Kills the sandbox and starts it again. @returns what it lost, or why it did not come up. */
  restart(): Promise<string | undefined>;
  /** Lets pods go and come, so that every controller looks at everything. @returns what did not happen. */
  stir(): Promise<string | undefined>;
  close(): Promise<void>;
}

const namespaces = ['fuzz-a', 'fuzz-b', 'fuzz-c'];
const mostKept = 100;
const faultWords = /TypeError|RangeError|ReferenceError|SyntaxError|crashed|Maximum call stack/;
/** Kinds whose objects come and go by controllers. */
const restless =
  /^(Pod|ReplicaSet|Job|ControllerRevision|Event|Endpoints|EndpointSlice|Lease|Namespace|Node)$/;

export async function openSubject(): Promise<Subject> {
  const bench = await openWorkbench();
  try {
    return await new SandboxSubject(bench).prepared();
  } catch (error) {
    await bench.close();
    throw error;
  }
}

class SandboxSubject implements Subject {
  kinds: readonly ServedKind[] = [];
  readonly figures: Figures = {
    inputs: 0,
    accepted: 0,
    refused: 0,
    restarts: 0,
    stirs: 0,
    watches: 0,
    slowestReady: 0,
    peakMegabytes: 0,
    handles: 0,
    kinds: 0,
  };
  readonly #bench: Workbench;
  #state = 0;
  #sandbox!: SandboxHandshake;
  #client!: RawClient;
  /** `/readyz` goes its own way, so that it never waits behind an input in the client. */
  #observer!: RawClient;
  #kept: Kept[] = [];
  #logRead = 0;
  #count = 0;

  constructor(bench: Workbench) {
    this.#bench = bench;
  }

  async prepared(): Promise<this> {
    this.#state += 1;
    this.#logRead = 0;
    this.#kept = [];
    await this.#start();
    await this.#bench.installIstio(this.#sandbox);
    for (const name of namespaces) {
      const labels = name === 'fuzz-a' ? {'istio-injection': 'enabled'} : {};
      await this.#make('/api/v1/namespaces', {metadata: {name, labels}});
    }
    // Apart from all inputs, since a quota among them may rightly keep pods away.
    await this.#make('/api/v1/namespaces', {metadata: {name: 'steady'}});
    const labels = {app: 'fuzz'};
    const container = {name: 'c', image: 'docker.io/curlimages/curl:8.16.0', command: ['sleep', '9999999']};
    await this.#make('/apis/apps/v1/namespaces/steady/deployments', {
      metadata: {name: 'steady'},
      spec: {
        replicas: 2,
        selector: {matchLabels: labels},
        template: {metadata: {labels}, spec: {containers: [container]}},
      },
    });
    await this.#make('/api/v1/namespaces/steady/services', {
      metadata: {name: 'fuzz'},
      spec: {selector: labels, ports: [{name: 'http', port: 8080}]},
    });
    this.kinds = await servedKinds(this.#client);
    this.figures.kinds = this.kinds.length;
    return this;
  }

  async play(input: Input): Promise<string | undefined> {
    const kind = this.kinds[input.kind % this.kinds.length] as ServedKind;
    try {
      const [problem, ready] = await Promise.all([this.#write(kind, input), this.#ready()]);
      return problem ?? ready ?? this.#faults();
    } catch (error) {
      return (await this.#revived()) ?? `no answer: ${error instanceof Error ? error.message : error}`;
    } finally {
      this.figures.inputs += 1;
      this.#measure();
    }
  }

  async restart(): Promise<string | undefined> {
    const before = this.#kept.filter(each => !restless.test(each.kind.kind) && isSettled(each.object));
    const there = await this.#stillThere(before);
    await this.#bench.kill(this.#sandbox);
    const problem = await this.#revived();
    if (problem) return problem;
    const lost = there.filter(each => !this.#lostTo.has(each.uid));
    const after = new Set((await this.#stillThere(lost)).map(({uid}) => uid));
    const gone = lost.filter(({uid}) => !after.has(uid)).map(({kind, name}) => `${kind.kind} ${name}`);
    return gone.length > 0 ? `lost by a restart: ${gone.join(', ')}` : this.#faults();
  }

  readonly #lostTo = new Set<string>();

  async stir(): Promise<string | undefined> {
    this.figures.stirs += 1;
    const pods = '/api/v1/namespaces/steady/pods';
    const steady = async () => {
      const {items = []} = JSON.parse((await this.#client.send('GET', pods)).text);
      return items.filter(
        (pod: any) => String(pod.metadata.name).startsWith('steady-') && !pod.metadata.deletionTimestamp,
      );
    };
    const [first] = await steady();
    if (first) await this.#client.send('DELETE', `${pods}/${first.metadata.name}?gracePeriodSeconds=0`);
    const patience = performance.now() + 20_000;
    while ((await steady()).length < 2) {
      if (performance.now() > patience)
        return `no pod came for one that was deleted: ${JSON.stringify(first?.metadata?.name)}`;
    }
    return this.#faults();
  }

  async close(): Promise<void> {
    this.#client?.close();
    this.#observer?.close();
    await this.#bench.close();
  }

  async #start(): Promise<void> {
    this.#client?.close();
    this.#observer?.close();
    this.#sandbox = await this.#bench.start(`fuzzed-${this.#state}`);
    this.#client = rawClient(this.#sandbox.kubeconfigPath);
    this.#observer = rawClient(this.#sandbox.kubeconfigPath);
  }

  async #make(collection: string, object: object): Promise<void> {
    const {status, text} = await this.#client.send('POST', collection, {
      body: JSON.stringify(object),
      headers: {'content-type': 'application/json'},
    });
    if (status !== 201) throw new Error(`${collection}: ${text}`);
  }

  async #write(kind: ServedKind, input: Input): Promise<string | undefined> {
    const target = await this.#targetOf(kind, input);
    const request = requestFor(kind, input, target);
    const answer = await this.#client.send(request.method, request.path, request);
    const wrong = judged(answer);
    if (wrong) return `${request.method} ${request.path}: ${wrong}`;
    if (answer.status < 300) this.#note(kind, target.namespace, answer, request.path);
    else this.figures.refused += 1;
    return this.#reads(kind, input, target);
  }

  /** What is written to: a stored object of the kind where a way needs one and there is one, else a sound new one, made before. */
  async #targetOf(kind: ServedKind, input: Input): Promise<{name: string; namespace: string; object: any}> {
    const stored = this.#kept.filter(each => each.kind === kind);
    const known = stored[input.shape % stored.length];
    if (known && input.way !== 'create') return known;
    this.#count += 1;
    const where = {name: `f${this.#count}`, namespace: namespaces[input.shape % namespaces.length] as string};
    const sound = {...where, object: soundObject(kind, input, where)};
    if (input.way === 'create') return sound;
    const made = await this.#client.send('POST', collectionOf(kind, where.namespace), {
      body: JSON.stringify(sound.object),
      headers: {'content-type': 'application/json'},
    });
    if (made.status !== 201) return sound;
    this.#note(kind, where.namespace, made, '');
    return {...sound, object: JSON.parse(made.text)};
  }

  #note(kind: ServedKind, namespace: string, {text}: RawAnswer, path: string): void {
    this.figures.accepted += 1;
    const object = JSON.parse(text);
    if (path.includes('dryRun') || object.kind !== kind.kind || !object.metadata?.uid) return;
    const {name, uid} = object.metadata;
    this.#kept = this.#kept.filter(each => each.uid !== uid);
    this.#kept.push({kind, name, namespace: object.metadata.namespace ?? namespace, uid, object});
  }

  async #reads(
    kind: ServedKind,
    input: Input,
    target: {name: string; namespace: string},
  ): Promise<string | undefined> {
    const collection = collectionOf(kind, target.namespace);
    const headers: Record<string, string> = input.table
      ? {accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'}
      : {};
    const paths = [
      `${collection}?${new URLSearchParams(input.reads)}`,
      `${collection}/${encodeURIComponent(target.name)}`,
    ];
    for (const read of paths) {
      const answer = await this.#client.send('GET', read, {headers});
      const wrong = judged(answer);
      if (wrong) return `GET ${read}: ${wrong}`;
    }
    const doomed = this.#kept.length > mostKept ? this.#kept.shift() : undefined;
    if (doomed) {
      const wrong = judged(
        await this.#client.send('DELETE', `${collectionOf(doomed.kind, doomed.namespace)}/${doomed.name}`),
      );
      if (wrong) return `DELETE ${doomed.kind.kind} ${doomed.name}: ${wrong}`;
    }
    return input.watch && input.shape % 3 === 0 ? this.#watched(kind, input, target.namespace) : undefined;
  }

  async #watched(kind: ServedKind, input: Input, namespace: string): Promise<string | undefined> {
    this.figures.watches += 1;
    const query = new URLSearchParams({...input.reads, watch: 'true', timeoutSeconds: '1'});
    const any = this.#kept.some(each => each.kind === kind && each.namespace === namespace);
    if (any) for (const name of Object.keys(input.reads)) query.delete(name);
    query.set('watch', 'true');
    query.set('timeoutSeconds', '1');
    const line = await this.#client.firstEvent(`${collectionOf(kind, namespace)}?${query}`);
    if (line === undefined)
      return any ? `a watch of ${kind.plural} told nothing of what is there` : undefined;
    JSON.parse(line);
    return undefined;
  }

  /** Late answers count only where the sandbox itself was at work all that time: the machine may be busy otherwise. */
  async #ready(): Promise<string | undefined> {
    const {status, milliseconds, worked} = await readiness(this.#observer, this.#sandbox.pid);
    this.figures.slowestReady = Math.max(this.figures.slowestReady, Math.round(worked));
    if (status !== 200) return `/readyz says ${status}`;
    return worked > readyWithin
      ? `/readyz took ${Math.round(milliseconds)} ms, at work for ${Math.round(worked)} ms of it`
      : undefined;
  }

  #measure(): void {
    try {
      this.figures.peakMegabytes = Math.max(this.figures.peakMegabytes, memoryMegabytes(this.#sandbox.pid));
      this.figures.handles = Math.max(
        this.figures.handles,
        readdirSync(`/proc/${this.#sandbox.pid}/fd`).length,
      );
    } catch {
      // Elsewhere than on Linux nobody tells.
    }
  }

  /** What the log has of faults since the last look. */
  #faults(): string | undefined {
    const file = path.join(this.#bench.folder, `fuzzed-${this.#state}`, 'sandbox.log');
    const {size} = statSync(file);
    // The log begins anew beyond its limit.
    if (size < this.#logRead) this.#logRead = 0;
    if (size === this.#logRead) return undefined;
    const text = readFileSync(file).subarray(this.#logRead).toString('utf8');
    this.#logRead = size;
    const at = text.search(faultWords);
    return at < 0 ? undefined : `in the log: ${text.slice(Math.max(0, at - 200), at + 900)}`;
  }

  /** Starts it again where it has ended. @returns how it ended, or that it does not come up. */
  async #revived(): Promise<string | undefined> {
    this.figures.restarts += 1;
    const killed = !stillRuns(this.#sandbox.process);
    if (!killed) await this.#bench.kill(this.#sandbox);
    const said = this.#faults();
    try {
      await this.#start();
      return said;
    } catch (error) {
      const {message, detail} = error as {message: string; detail?: string};
      await this.prepared();
      return `it does not come up: ${message} ${detail ?? ''} ${said ?? ''}`;
    }
  }

  async #stillThere(objects: readonly Kept[]): Promise<readonly Kept[]> {
    const found: Kept[] = [];
    for (const each of objects) {
      const {status, text} = await this.#client.send(
        'GET',
        `${collectionOf(each.kind, each.namespace)}/${each.name}`,
      );
      if (status === 200 && JSON.parse(text).metadata.uid === each.uid) found.push(each);
    }
    return found;
  }
}

/** Whether nothing is about to remove the object by itself. */
function isSettled({metadata}: any): boolean {
  return !metadata.deletionTimestamp && !metadata.ownerReferences?.length && !metadata.finalizers?.length;
}

const realWithoutReason =
  /"message":"(failed to create typed (patch|live) object|admission webhook )|"message":"failed to (prune|merge) |"reason":"ResourceVersionTooLarge"/;

const plainAnswers = new Set([200, 201, 202, 404, 405, 406, 415]);

/** What is wrong with an answer by itself: a code that is ours to mend, or one that its body does not fit. */
function judged({status, type, text}: RawAnswer): string | undefined {
  const shown = text.slice(0, 600);
  // Answered so by the real API server, too: an error without a reason of its own.
  if (realWithoutReason.test(text)) return undefined;
  if (status >= 500 || status < 200 || (status > 202 && status < 400)) return `${status} ${shown}`;
  if (!type.startsWith('application/json'))
    return plainAnswers.has(status) ? undefined : `${status} as ${type}: ${shown}`;
  const body = JSON.parse(text);
  if (status < 400) return undefined;
  const fits = body.kind === 'Status' && body.code === status && body.reason && body.message;
  return fits ? undefined : `${status} with a body that does not fit: ${shown}`;
}

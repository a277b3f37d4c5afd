import {randomUUID} from 'node:crypto';
import type {IncomingMessage, ServerResponse} from 'node:http';
import type {Duplex} from 'node:stream';
import {messageOf} from '../../errors.ts';
import type {Clock, Random} from '../clock.ts';
import type {KubeObject} from '../objects.ts';
import type {Store} from '../store/store.ts';
import type {AdmissionPlugin} from './admission.ts';
import {authenticate} from './authentication.ts';
import {type Attributes, requireAuthorized} from './authorization.ts';
import {decodeBody} from './bodies.ts';
import type {ApiClient} from './client.ts';
import {discoveryResponse} from './discovery.ts';
import {ApiError} from './errors.ts';
import {notFound} from './failures.ts';
import {checkFieldTypes} from './field-validation.ts';
import {createInProcessClient} from './in-process-client.ts';
import {type Listening, type ListenOptions, listenOnLoopback, sendFailure, statusResponse} from './listen.ts';
import {
  type ApiRequest,
  type ApiResponse,
  isStream,
  jsonResponse,
  textResponse,
  type UserInfo,
} from './messages.ts';
import {namespaceLifecycle} from './namespace-lifecycle.ts';
import {openApiResponse} from './openapi-requests.ts';
import {checkKind, Operations} from './operations.ts';
import type {ResourceType} from './registry.ts';
import {parseRequest, type RequestInfo, type ResourceRequestInfo} from './request-info.ts';
import {type ResourceRequest, ResourceRequests, writeContextOf} from './resource-requests.ts';
import {type Review, reviewOf} from './reviews.ts';
import {plantSeeds} from './seeds.ts';
import {hasSubresource, type ServedType} from './served-type.ts';
import {createTokenIssuer, type TokenIssuer} from './service-account-tokens.ts';
import {createSlices, type Slices} from './slices.ts';
import {serveEviction} from './subresources/eviction.ts';
import {serveBinding} from './subresources/pods.ts';
import {serveScale} from './subresources/scale.ts';
import type {BuiltinSubresource} from './subresources/subresource.ts';
import {serveTokenRequest} from './subresources/token-request.ts';
import {TypeRegistry} from './type-registry.ts';
import {versionInfo} from './version.ts';
import {warningHeaders} from './warnings.ts';

export interface ApiServerOptions {
  store: Store;
  clock: Clock;
  random: Random;
  /** Name of the one node. */
  nodeName: string;
  /** Bearer tokens and who they stand for. */
  tokens?: ReadonlyMap<string, UserInfo>;
  /** For how many milliseconds answers may be written before other connections get their turn. @default 8 */
  slice?: number;
  /** Hears of faults of ours: what clients get as 500, and listeners that threw. @param what request or listener */
  onFault?: (error: unknown, what: string) => void;
}

/** A request for a subresource, as its handler gets it. */
export interface SubresourceRequest {
  /** The object that the path names, as stored. */
  object: KubeObject;
  method: string;
  query: URLSearchParams;
  headers: ApiRequest['headers'];
  body: Uint8Array | undefined;
  user: UserInfo;
}

export type SubresourceHandler = (request: SubresourceRequest) => ApiResponse | Promise<ApiResponse>;
export type StreamHandler = (response: ServerResponse, request: SubresourceRequest) => void;
export type UpgradeHandler = (
  upgrade: {request: IncomingMessage; socket: Duplex; head: Buffer},
  request: SubresourceRequest,
) => void | Promise<void>;

/** The Kubernetes API of the sandbox. */
export interface ApiServer {
  /** The whole pipeline from a request to its answer, without a socket. Never rejects. */
  handle(request: ApiRequest): Promise<ApiResponse>;
  /** The same API for the sandbox's own parts; its changes are those of `kube-controller-manager`. */
  client: ApiClient;
  /** A client whose changes appear under another name in `managedFields`. */
  clientFor(manager: string): ApiClient;
  /** Adds a step of admission, after those already there. */
  use(plugin: AdmissionPlugin): void;
  /** Serves a subresource with an answer of its own. @param path `pods/log` */
  registerSubresource(path: string, handler: SubresourceHandler): void;
  /** Serves a subresource that writes to the HTTP response itself; throw `ApiError` before the first byte. */
  registerStream(path: string, handler: StreamHandler): void;
  /** Serves a subresource that leaves HTTP (`Connection: Upgrade`); the handler owns the socket. */
  registerUpgrade(path: string, handler: UpgradeHandler): void;
  resourceTypes(): readonly ResourceType[];
  /** Milliseconds since the epoch of the last request from outside; now, while a watch or a stream is open. */
  lastActivity(): number;
  listen(options: ListenOptions): Promise<Listening>;
  /** Ends all connections; the store stays open. */
  close(): Promise<void>;
}

/** Builds the API over a store, and plants in it what every cluster has. Call `listen` to serve it. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  return new Server(options);
}

/** Subresources that are the object itself, each with its own part of it. */
const plainSubresources = new Set(['', 'status', 'finalize', 'ephemeralcontainers']);

const builtinSubresources: Readonly<Record<string, BuiltinSubresource>> = {
  binding: serveBinding,
  eviction: serveEviction,
  scale: serveScale,
  token: serveTokenRequest,
};

class Server implements ApiServer {
  readonly client: ApiClient;
  readonly #options: ApiServerOptions;
  readonly #types: TypeRegistry;
  readonly #plugins: AdmissionPlugin[] = [];
  readonly #operations: Operations;
  readonly #resources: ResourceRequests;
  readonly #slices: Slices;
  readonly #subresources = new Map<string, SubresourceHandler>();
  readonly #streams = new Map<string, StreamHandler>();
  readonly #upgrades = new Map<string, UpgradeHandler>();
  readonly #issuer: TokenIssuer;
  readonly #listening: Listening[] = [];
  #lastRequest: number;
  #open = 0;

  constructor(options: ApiServerOptions) {
    const {store, clock, random} = options;
    this.#options = options;
    this.#lastRequest = clock.now();
    this.#issuer = createTokenIssuer({
      uidOf: (namespace, name) => store.get('serviceaccounts', namespace, name)?.metadata.uid,
    });
    this.#types = new TypeRegistry(store);
    this.#plugins.push(namespaceLifecycle(store, this.#types));
    this.#operations = new Operations({store, clock, random, plugins: this.#plugins});
    this.#slices = createSlices({
      slice: options.slice ?? 8,
      onFault: error => options.onFault?.(error, 'an answer'),
    });
    this.#resources = new ResourceRequests({operations: this.#operations, clock, slices: this.#slices});
    this.client = this.clientFor('kube-controller-manager');
    plantSeeds({client: this.clientFor('kube-apiserver'), clock, nodeName: options.nodeName});
  }

  clientFor(manager: string): ApiClient {
    const onFault = (error: unknown, what: string) => this.#options.onFault?.(error, what);
    return createInProcessClient({operations: this.#operations, types: this.#types, manager, onFault});
  }

  use(plugin: AdmissionPlugin): void {
    this.#plugins.push(plugin);
  }

  registerSubresource(path: string, handler: SubresourceHandler): void {
    this.#subresources.set(path, handler);
  }

  registerStream(path: string, handler: StreamHandler): void {
    this.#streams.set(path, handler);
  }

  registerUpgrade(path: string, handler: UpgradeHandler): void {
    this.#upgrades.set(path, handler);
  }

  resourceTypes(): readonly ResourceType[] {
    return this.#types.all();
  }

  lastActivity(): number {
    return this.#open > 0 ? this.#options.clock.now() : this.#lastRequest;
  }

  async listen(options: ListenOptions): Promise<Listening> {
    const listening = await listenOnLoopback(
      {
        handle: request => this.#inTurn(request),
        stream: (request, response) => this.#stream(request, response),
        upgrade: (request, upgrade) => this.#upgrade(request, upgrade),
        failed: (error, request) => statusResponse(this.#statusOf(error, request)),
        recognises: request => this.#recognises(request),
      },
      {...options, clock: this.#options.clock},
    );
    this.#listening.push(listening);
    return listening;
  }

  async close(): Promise<void> {
    await Promise.all(this.#listening.splice(0).map(each => each.close()));
  }

  /** Hundreds of requests may come at once; whoever asks whether the server lives does not wait behind them. */
  #inTurn(request: ApiRequest): Promise<ApiResponse> {
    if (/^\/(healthz|livez|readyz)($|\?)/.test(request.url)) return this.#counted(request);
    return new Promise((resolve, reject) => {
      this.#slices.run(() => void this.#counted(request).then(resolve, reject));
    });
  }

  async handle(request: ApiRequest): Promise<ApiResponse> {
    const warnings: string[] = [];
    let response: ApiResponse;
    try {
      response = await this.#answer(request, text => void warnings.push(text));
    } catch (error) {
      response = statusResponse(this.#statusOf(error, request));
    }
    response.headers['audit-id'] = randomUUID();
    response.headers['cache-control'] ??= 'no-cache, private';
    if (warnings.length > 0) response.headers['warning'] = warningHeaders(warnings);
    return response;
  }

  async #answer(request: ApiRequest, warn: (text: string) => void): Promise<ApiResponse> {
    const info = parseRequest(request.method, request.url);
    const user = this.#userOf(request, info);
    if (info.kind === 'path') return this.#path(request, info.path);
    const type = this.#typeOf(info);
    if (!type) return pageNotFound();
    const {subresource} = info;
    const review = info.verb === 'create' && subresource === '' ? reviewOf(type) : undefined;
    if (review) return this.#review(review, request, {info, type, user});
    const call: ResourceRequest = {info, type, request, user, warn};
    if (subresource !== '' && !hasSubresource(type, subresource)) return pageNotFound();
    if (plainSubresources.has(subresource)) return this.#resources.serve(call);
    const builtin = builtinSubresources[subresource];
    if (builtin) {
      const {clock, random} = this.#options;
      const {operations, tokens} = {operations: this.#operations, tokens: this.#issuer};
      return builtin({request: call, operations, context: writeContextOf(call), clock, random, tokens});
    }
    const handler = this.#subresources.get(`${info.resource}/${subresource}`);
    if (!handler) return pageNotFound();
    return handler(this.#subresourceRequest(request, info, type, user));
  }

  #path(request: ApiRequest, path: string): ApiResponse {
    switch (path) {
      case '/healthz':
      case '/livez':
      case '/readyz':
        return textResponse(200, 'ok');
      case '/version':
      case '/version/':
        return jsonResponse(200, versionInfo());
    }
    const types = this.#types.all();
    return (
      discoveryResponse(request, path, types) ??
      openApiResponse(request, path, types, this.#options.clock.now()) ??
      pageNotFound()
    );
  }

  #authenticate(request: ApiRequest): UserInfo {
    const {tokens = new Map(), clock} = this.#options;
    return authenticate(request, {tokens, verify: token => this.#issuer.verify(token, clock.now())});
  }

  #recognises(request: ApiRequest): boolean {
    try {
      this.#authenticate(request);
      return true;
    } catch {
      return false;
    }
  }

  /** Who asks, if they may do what they ask for. */
  #userOf(request: ApiRequest, info: RequestInfo): UserInfo {
    const {store} = this.#options;
    const user = this.#authenticate(request);
    requireAuthorized(store, user, attributesOf(info));
    return user;
  }

  #review(
    review: Review,
    request: ApiRequest,
    {info, type, user}: Pick<ResourceRequest, 'info' | 'type' | 'user'>,
  ): ApiResponse {
    const body = decodeBody(request.body, request.headers['content-type']) ?? {};
    checkKind(type, info.version, body);
    checkFieldTypes(type, info.version, body);
    const {store, clock} = this.#options;
    const call = {store, user, namespace: info.namespace, tokens: this.#issuer, now: clock.now()};
    return jsonResponse(201, review(body, call));
  }

  #typeOf(info: ResourceRequestInfo): ServedType | undefined {
    const type = this.#types.find(info.group, info.version, info.resource);
    if (!type || (info.namespace !== undefined && !type.namespaced)) return undefined;
    const needsNamespace = type.namespaced && info.namespace === undefined;
    return needsNamespace && (info.name !== '' || info.verb === 'create') ? undefined : type;
  }

  #subresourceRequest(
    request: ApiRequest,
    info: ResourceRequestInfo,
    type: ServedType,
    user: UserInfo,
  ): SubresourceRequest {
    const object = this.#operations.store.get(type.storage, info.namespace, info.name);
    if (!object) throw notFound(type, info.name);
    const {method, query} = info;
    return {object, method, query, headers: request.headers, body: request.body, user};
  }

  /** What a handler for streams needs, where the request is for one of these subresources. */
  #streaming<T>(request: ApiRequest, handlers: ReadonlyMap<string, T>) {
    const info = parseRequest(request.method, request.url);
    if (info.kind === 'path' || info.subresource === '') return undefined;
    const handler = handlers.get(`${info.resource}/${info.subresource}`);
    if (!handler) return undefined;
    const user = this.#userOf(request, info);
    const type = this.#typeOf(info);
    return type && {handler, subresource: this.#subresourceRequest(request, info, type, user)};
  }

  #stream(request: ApiRequest, response: ServerResponse): boolean {
    try {
      const stream = this.#streaming(request, this.#streams);
      if (!stream) return false;
      this.#count(response);
      stream.handler(response, stream.subresource);
    } catch (error) {
      sendFailure(statusResponse(this.#statusOf(error, request)), response);
    }
    return true;
  }

  #upgrade(request: ApiRequest, upgrade: Parameters<UpgradeHandler>[0]): void {
    const refuse = (error: unknown) => {
      const status = this.#statusOf(error, request);
      const body = JSON.stringify(status);
      upgrade.socket.end(
        `HTTP/1.1 ${status.code} ${status.reason ?? 'Error'}\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    };
    try {
      const found = this.#streaming(request, this.#upgrades);
      if (!found) {
        throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
      }
      this.#count(upgrade.socket);
      Promise.resolve(found.handler(upgrade, found.subresource)).catch(refuse);
    } catch (error) {
      refuse(error);
    }
  }

  async #counted(request: ApiRequest): Promise<ApiResponse> {
    this.#lastRequest = this.#options.clock.now();
    const response = await this.handle(request);
    const {body} = response;
    if (!isStream(body)) return response;
    return {
      ...response,
      body: {
        start: sink => {
          this.#open += 1;
          const stop = body.start(sink);
          return () => {
            this.#open -= 1;
            this.#lastRequest = this.#options.clock.now();
            stop();
          };
        },
      },
    };
  }

  #count(connection: {once(event: 'close', listener: () => void): unknown}): void {
    this.#open += 1;
    connection.once('close', () => {
      this.#open -= 1;
      this.#lastRequest = this.#options.clock.now();
    });
  }

  #statusOf(error: unknown, request: Pick<ApiRequest, 'method' | 'url'>) {
    if (error instanceof ApiError) return error.status;
    this.#options.onFault?.(error, `${request.method} ${request.url}`);
    return new ApiError(500, 'InternalError', `Internal error occurred: ${messageOf(error)}`).status;
  }
}

function attributesOf(info: RequestInfo): Attributes {
  if (info.kind === 'path') return {verb: info.method.toLowerCase(), path: info.path};
  const {verb, group, resource, subresource, name, namespace} = info;
  return {verb, group, resource, subresource, name, namespace};
}

function pageNotFound(): ApiResponse {
  return textResponse(404, '404 page not found\n');
}

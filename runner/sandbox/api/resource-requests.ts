import type {Clock} from '../clock.ts';
import type {KubeObject} from '../objects.ts';
import {decodeBody, decodeYaml} from './bodies.ts';
import type {DeleteRequest} from './deletion.ts';
import {ApiError} from './errors.ts';
import {badRequest, conflict, invalid, methodNotAllowed, notFound, unsupportedMediaType} from './failures.ts';
import {parseFieldSelector} from './field-selectors.ts';
import {
  checkFieldTypes,
  checkMessage,
  fieldValidationOf,
  patchFailure,
  refuseUndeclared,
} from './field-validation.ts';
import {parseLabelSelector} from './label-selectors.ts';
import {continueToken, readContinueToken} from './list-pages.ts';
import {listResponse} from './list-responses.ts';
import type {UserInfo} from './messages.ts';
import {type ApiRequest, type ApiResponse, jsonResponse} from './messages.ts';
import {presentationOf} from './negotiate.ts';
import {dropNullFields} from './null-fields.ts';
import {checkKind, type Operations, type WriteContext} from './operations.ts';
import {applyConfiguration} from './patches/apply.ts';
import {acceptedPatches, patchObject, patchTypes} from './patches/patch.ts';
import {shapeOf} from './patches/shapes.ts';
import {fromStored, presentObject, type Shown, toStored} from './presentation.ts';
import {isTrue, type ResourceRequestInfo} from './request-info.ts';
import {readResourceVersion} from './resource-versions.ts';
import {groupVersion, hasSubresource, type ServedType} from './served-type.ts';
import {inSlices, type Slices} from './slices.ts';
import {LatestLine, watchBody} from './watches.ts';

const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

/** One request for a resource, decoded as far as all verbs share. */
export interface ResourceRequest {
  info: ResourceRequestInfo;
  type: ServedType;
  request: ApiRequest;
  user: UserInfo;
  warn(text: string): void;
}

export interface ResourceRequestsOptions {
  operations: Operations;
  clock: Clock;
  slices: Slices;
}

/** The verbs of resources over HTTP; each reads the query and the body, and leaves the rest to `Operations`. */
export class ResourceRequests {
  readonly #operations: Operations;
  readonly #clock: Clock;
  readonly #slices: Slices;
  readonly #latest = new LatestLine();

  constructor(options: ResourceRequestsOptions) {
    this.#operations = options.operations;
    this.#clock = options.clock;
    this.#slices = options.slices;
  }

  /** Serves a resource itself, or its `status`. */
  serve(request: ResourceRequest): ApiResponse | Promise<ApiResponse> {
    const {info, type} = request;
    if (!type.verbs.includes(info.verb === 'watch' ? 'list' : info.verb)) {
      throw methodNotAllowed(type, info.verb);
    }
    switch (info.verb) {
      case 'get':
        return this.#one(request, 200, this.#operations.get(type, namespaceOf(request), info.name));
      case 'list':
        return this.#list(request);
      case 'watch':
        return this.#watch(request);
      case 'create':
        return this.#create(request);
      case 'update':
        return this.#update(request);
      case 'patch':
        return this.#patch(request);
      case 'delete':
        return this.#delete(request);
      case 'deletecollection':
        return this.#deleteCollection(request);
    }
  }

  #create(request: ResourceRequest): ApiResponse {
    const {type, info} = request;
    if (info.name !== '') throw methodNotAllowed(type, 'create');
    const object = this.#decodeObject(request, undefined);
    return this.#one(request, 201, this.#operations.create(type, object, writeContextOf(request)));
  }

  #update(request: ResourceRequest): ApiResponse {
    const {type, info} = request;
    const object = this.#decodeObject(request, info.name);
    // Built-in kinds may be replaced without a look at what was there; custom ones and their definitions not.
    if ((type.custom || type.storage === definitions) && !object.metadata.resourceVersion) {
      const message = 'Invalid value: 0x0: must be specified for an update';
      throw invalid(type, info.name, [
        {reason: 'FieldValueInvalid', field: 'metadata.resourceVersion', message},
      ]);
    }
    const stored = this.#operations.update(type, object, writeContextOf(request), {
      subresource: info.subresource,
    });
    return this.#one(request, 200, stored);
  }

  #patch(request: ResourceRequest): ApiResponse {
    const {type, info} = request;
    const contentType = (request.request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
    const body = request.request.body ?? new Uint8Array();
    if (!acceptedPatches(type).includes(contentType)) throw unsupportedMediaType(acceptedPatches(type));
    if (contentType === patchTypes.apply) return this.#apply(request, body, writeContextOf(request));
    const current = this.#operations.get(type, namespaceOf(request), info.name);
    const shown = fromStored(type, info.version, current);
    const patched = patchObject({type, shape: shapeOf(type), current: shown, body, contentType});
    checkKind(type, info.version, patched);
    checkFieldTypes(type, info.version, patched);
    this.#checkIdentity(patched, shown);
    const context = {...writeContextOf(request), strictFailure: patchFailure(contentType, body, patched)};
    const stored = this.#operations.update(type, toStored(type, info.version, patched), context, {
      subresource: info.subresource,
    });
    return this.#one(request, 200, stored);
  }

  #apply(request: ResourceRequest, body: Uint8Array, context: WriteContext): ApiResponse {
    const {type, info} = request;
    const {query, subresource, version, name} = info;
    const manager = query.get('fieldManager');
    if (!manager) {
      throw new ApiError(
        422,
        'Invalid',
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
        {group: 'meta.k8s.io', kind: 'PatchOptions'},
      );
    }
    const applied = this.#bindObject(request, decodeYaml(body), name);
    if (applied.metadata.managedFields?.length) {
      throw badRequest('metadata.managedFields must be nil');
    }
    const live = this.#operations.store.get(type.storage, namespaceOf(request), name);
    refuseUndeclared(type, applied, version);
    if (!live && (applied.metadata.uid || subresource !== '')) {
      throw subresource === ''
        ? conflict(
            type,
            name,
            'uid mismatch: the provided object specified uid ' +
              applied.metadata.uid +
              ', and no existing object was found',
          )
        : notFound(type, name);
    }
    if (
      live &&
      applied.metadata.resourceVersion &&
      applied.metadata.resourceVersion !== live.metadata.resourceVersion
    ) {
      throw conflict(type, name);
    }
    const object = applyConfiguration({
      shape: shapeOf(type),
      hasStatus: hasSubresource(type, 'status'),
      live,
      applied,
      manager,
      apiVersion: groupVersion(type.group, version),
      subresource,
      force: isTrue(query.get('force')),
      now: this.#clock.now(),
    });
    const stored = live
      ? this.#operations.update(type, object, context, {subresource, fieldsTracked: true})
      : this.#operations.create(type, object, context, {fieldsTracked: true});
    return this.#one(request, live ? 200 : 201, stored);
  }

  #delete(request: ResourceRequest): ApiResponse {
    const {type, info} = request;
    const options = deleteRequestOf(request);
    const context = writeContextOf(request, options.dryRun);
    const {object, gone} = this.#operations.delete(type, namespaceOf(request), info.name, options, context);
    if (!gone) return this.#one(request, 200, object);
    return jsonResponse(200, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: {
        name: info.name,
        ...(type.group ? {group: type.group} : {}),
        kind: type.resource,
        uid: object.metadata.uid,
      },
    });
  }

  async #deleteCollection(request: ResourceRequest): Promise<ApiResponse> {
    const {type} = request;
    const options = deleteRequestOf(request);
    const context = writeContextOf(request, options.dryRun);
    const matches = this.#selection(request);
    const objects = this.#operations.store.list(type.storage, namespaceOf(request)).filter(matches);
    await inSlices(this.#slices, objects, ({metadata: {namespace, name}}) => {
      // Between the slices somebody else may have been quicker.
      if (!this.#operations.store.get(type.storage, namespace, name)) return;
      this.#operations.delete(type, namespace, name, options, context);
    });
    const page = {resourceVersion: String(this.#operations.store.revision)};
    return listResponse(this.#shown(request), objects, page, this.#slices);
  }

  #list(request: ResourceRequest): ApiResponse {
    const {info, type} = request;
    if (info.query.has('sendInitialEvents')) {
      throw new ApiError(
        422,
        'Invalid',
        'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
        {group: 'meta.k8s.io', kind: 'ListOptions'},
      );
    }
    const {store} = this.#operations;
    const selected = store.list(type.storage, namespaceOf(request)).filter(this.#selection(request));
    this.#resourceVersion(request);
    const limit = integerOf(info.query, 'limit');
    const token = info.query.get('continue');
    const start = token ? readContinueToken(token, selected) : 0;
    const objects = limit > 0 ? selected.slice(start, start + limit) : selected.slice(start);
    const left = selected.length - start - objects.length;
    const last = objects.at(-1);
    const page = {
      resourceVersion: String(store.revision),
      ...(left > 0 && last ? {continue: continueToken(last), remainingItemCount: left} : {}),
    };
    return listResponse(this.#shown(request), objects, page, this.#slices);
  }

  #watch(request: ResourceRequest): ApiResponse {
    const {info} = request;
    const {query} = info;
    const seconds = Math.min(integerOf(query, 'timeoutSeconds'), longestWatch);
    const {now: _, ...shown} = this.#shown(request);
    return {
      status: 200,
      headers: {'content-type': 'application/json'},
      body: watchBody({
        store: this.#operations.store,
        clock: this.#clock,
        slices: this.#slices,
        latest: this.#latest,
        shown,
        namespace: namespaceOf(request),
        matches: this.#selection(request),
        resourceVersion: this.#resourceVersion(request),
        sendInitialEvents: isTrue(query.get('sendInitialEvents')),
        allowBookmarks: isTrue(query.get('allowWatchBookmarks')),
        timeout: seconds > 0 ? seconds * 1000 : undefined,
      }),
    };
  }

  #resourceVersion({info, type}: ResourceRequest): number {
    return readResourceVersion(
      info.query.get('resourceVersion') ?? '',
      type,
      this.#operations.store.revision,
    );
  }

  #selection({info, type}: ResourceRequest): (object: KubeObject) => boolean {
    const labels = info.query.get('labelSelector') ?? '';
    const fields = info.query.get('fieldSelector') ?? '';
    const matchesLabels = labels === '' ? undefined : parseLabelSelector(labels);
    const selector = fields === '' ? undefined : parseFieldSelector(fields, type);
    return object =>
      (info.name === '' || object.metadata.name === info.name) &&
      (!matchesLabels || matchesLabels(object.metadata.labels ?? {})) &&
      (!selector || selector.matches(object));
  }

  #one(request: ResourceRequest, status: number, object: KubeObject): ApiResponse {
    return jsonResponse(status, presentObject(this.#shown(request), object));
  }

  #shown({info, type, request}: ResourceRequest): Shown {
    const include = info.query.get('includeObject');
    return {
      type,
      version: info.version,
      as: presentationOf(request.headers['accept']),
      includeObject: include === 'None' || include === 'Object' ? include : 'Metadata',
      now: this.#clock.now(),
    };
  }

  #decodeObject(request: ResourceRequest, name: string | undefined): KubeObject {
    const body = decodeBody(request.request.body, request.request.headers['content-type']);
    if (body === undefined) throw badRequest('the request has no body');
    return this.#bindObject(request, body, name);
  }

  /** The stored form of what a client sent, if it is what the path names. */
  #bindObject(request: ResourceRequest, body: any, name: string | undefined): KubeObject {
    const {type, info} = request;
    checkKind(type, info.version, body);
    checkFieldTypes(type, info.version, body);
    const object = toStored(type, info.version, body);
    object.metadata = {...object.metadata};
    const {metadata} = object;
    if (type.namespaced) {
      if (metadata.namespace && metadata.namespace !== info.namespace) {
        throw badRequest(
          `the namespace of the provided object does not match the namespace sent on the request`,
        );
      }
      if (info.namespace !== undefined) metadata.namespace = info.namespace;
    } else delete metadata.namespace;
    dropNullFields(type, object);
    if (name !== undefined) {
      if (metadata.name && metadata.name !== name) {
        throw badRequest(
          `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
        );
      }
      metadata.name = name;
    }
    return object;
  }

  #checkIdentity(patched: KubeObject, current: KubeObject): void {
    if (patched.apiVersion !== current.apiVersion || patched.kind !== current.kind) {
      throw badRequest(
        `the API version in the data (${patched.apiVersion}) does not match the expected API version (${current.apiVersion})`,
      );
    }
    if (patched.metadata?.name !== current.metadata.name) {
      throw badRequest(
        `the name of the object (${patched.metadata?.name}) does not match the name on the URL (${current.metadata.name})`,
      );
    }
    if (patched.metadata.namespace !== current.metadata.namespace) {
      throw badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    }
  }
}

/** How a write over HTTP happens, by its query and headers. */
export function writeContextOf(request: ResourceRequest, dryRunInBody = false): WriteContext {
  const {query, version} = request.info;
  const agent = request.request.headers['user-agent'] ?? 'unknown';
  return {
    user: request.user,
    manager: query.get('fieldManager') || (agent.split('/')[0] as string),
    version,
    dryRun: dryRunOf(query.getAll('dryRun')) || dryRunInBody,
    fieldValidation: fieldValidationOf(query.get('fieldValidation')),
    warn: request.warn,
  };
}

/** The namespace to look in; none for cluster-wide kinds and for lists across namespaces. */
function namespaceOf({info, type}: ResourceRequest): string | undefined {
  return type.namespaced ? info.namespace : undefined;
}

/** Seconds; a timer can't wait longer than 24 days. */
const longestWatch = 24 * 24 * 3600;

/** A number of the query, 0 where there is none. @throws ApiError 400 for what is no whole number. */
function integerOf(query: URLSearchParams, name: string): number {
  const text = query.get(name) || '0';
  if (/^[-+]?\d{1,18}$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function dryRunOf(values: readonly string[]): boolean {
  const other = values.find(value => value !== 'All' && value !== '');
  if (other !== undefined) {
    throw badRequest(`DryRun: Unsupported value: "${other}": supported values: "All"`);
  }
  return values.includes('All');
}

function deleteRequestOf({request, info}: ResourceRequest): DeleteRequest & {dryRun: boolean} {
  const body = decodeBody(request.body, request.headers['content-type']) ?? {};
  checkMessage('meta.v1.DeleteOptions', body);
  const {query} = info;
  const given = query.get('gracePeriodSeconds');
  const grace = body.gracePeriodSeconds ?? (given ? integerOf(query, 'gracePeriodSeconds') : undefined);
  const policy = body.propagationPolicy ?? query.get('propagationPolicy') ?? undefined;
  if (policy !== undefined && !['Background', 'Foreground', 'Orphan'].includes(policy)) {
    throw new ApiError(
      422,
      'Invalid',
      `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "${policy}": supported values: "Foreground", "Background", "Orphan", "nil"`,
    );
  }
  return {
    ...(grace === undefined ? {} : {gracePeriodSeconds: grace}),
    ...(policy === undefined ? {} : {propagationPolicy: policy}),
    ...(body.orphanDependents === undefined ? {} : {orphanDependents: body.orphanDependents}),
    ...(body.preconditions ? {preconditions: body.preconditions} : {}),
    dryRun: dryRunOf(body.dryRun ?? []),
  };
}

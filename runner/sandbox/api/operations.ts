import {type Clock, type Random, rfc3339} from '../clock.ts';
import {copyJson, equalJson} from '../json.ts';
import type {KubeObject} from '../objects.ts';
import {SpaceExceeded, type Store} from '../store/store.ts';
import type {AdmissionPlugin, AdmissionRequest} from './admission.ts';
import {requirePlain} from './bodies.ts';
import {type DeleteRequest, prepareDeletion} from './deletion.ts';
import {ApiError} from './errors.ts';
import {alreadyExists, badRequest, conflict, invalid, notFound} from './failures.ts';
import {checkFields, type FieldValidation, type StrictFailure} from './field-validation.ts';
import {trackUpdate} from './managed-fields.ts';
import type {UserInfo} from './messages.ts';
import {generatedName, uuid} from './object-names.ts';
import {applyTypeDefaults, validateByType} from './schemas.ts';
import {groupVersion, hasSubresource, type ServedType} from './served-type.ts';
import {strategyOf} from './strategies.ts';

/** How and for whom a write happens. */
export interface WriteContext {
  user: UserInfo;
  /** Who owns the fields it changes (`managedFields`). */
  manager: string;
  /** The version that the caller speaks. */
  version: string;
  dryRun: boolean;
  fieldValidation: FieldValidation;
  /** How a patch with unknown fields is refused, where not as any other body. */
  strictFailure?: StrictFailure;
  warn(text: string): void;
}

export interface WriteOptions {
  subresource?: string;
  /** True for server-side apply, which keeps `managedFields` itself. */
  fieldsTracked?: boolean;
}

export interface OperationsOptions {
  store: Store;
  clock: Clock;
  random: Random;
  plugins: readonly AdmissionPlugin[];
}

/**
 * The life of an object between decoding and the store, the same for every client: field check, defaulting,
 * admission, validation, `managedFields`, generation, no-op detection. Takes and returns stored forms.
 */
export class Operations {
  readonly store: Store;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #plugins: readonly AdmissionPlugin[];

  constructor(options: OperationsOptions) {
    this.store = options.store;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#plugins = options.plugins;
  }

  get(type: ServedType, namespace: string | undefined, name: string): KubeObject {
    const found = this.store.get(type.storage, namespace, name);
    if (!found) throw notFound(type, name);
    return found;
  }

  create(type: ServedType, given: KubeObject, context: WriteContext, options: WriteOptions = {}): KubeObject {
    let object = copyJson(given);
    const {metadata} = object;
    if (metadata.resourceVersion) {
      // The API server answers 500 here, though the fault is the client's.
      throw new ApiError(400, undefined, 'resourceVersion should not be set on objects to be created');
    }
    const strategy = strategyOf(type.storage);
    const generated = !metadata.name && Boolean(metadata.generateName);
    if (generated) metadata.name = this.#freeName(type, object);
    delete metadata.deletionTimestamp;
    delete metadata.deletionGracePeriodSeconds;
    metadata.uid = uuid(this.#random);
    metadata.creationTimestamp = rfc3339(this.#clock.now());
    if (!type.namespaced) delete metadata.namespace;
    if (!strategy.keepsStatus && hasSubresource(type, 'status')) {
      // Built-in kinds always show a status, be it empty.
      if (type.custom) delete object['status'];
      else object['status'] = {};
    }
    if (type.counted) metadata.generation = 1;
    else delete metadata.generation;
    object = this.#settle(type, object, undefined, context, 'CREATE', '');
    if (!options.fieldsTracked)
      trackUpdate({type, object, previous: undefined, context, now: this.#clock.now()});
    if (this.store.get(type.storage, metadata.namespace, metadata.name))
      throw alreadyExists(type, metadata.name);
    if (context.dryRun) return object;
    return this.#put(type, object);
  }

  /** Replaces an object; what a subresource does not own stays as it is. */
  update(type: ServedType, given: KubeObject, context: WriteContext, options: WriteOptions = {}): KubeObject {
    const {name, namespace} = given.metadata;
    const previous = this.get(type, namespace, name);
    const sent = given.metadata;
    if (sent.uid && sent.uid !== previous.metadata.uid) {
      throw conflict(
        type,
        name,
        `Precondition failed: UID in precondition: ${sent.uid}, UID in object meta: ${previous.metadata.uid}`,
      );
    }
    if (sent.resourceVersion && sent.resourceVersion !== previous.metadata.resourceVersion) {
      throw conflict(type, name);
    }
    let object = merged(type, copyJson(given), previous, options.subresource ?? '');
    object = this.#settle(type, object, previous, context, 'UPDATE', options.subresource ?? '');
    if (type.counted && specChanged(object, previous)) {
      object.metadata.generation = (previous.metadata.generation ?? 1) + 1;
    }
    if (!options.fieldsTracked) {
      const subresource = options.subresource ?? '';
      trackUpdate({type, object, previous, context, now: this.#clock.now(), subresource});
    }
    if (unchanged(object, previous)) return previous;
    if (context.dryRun) return object;
    if (isGone(object)) return this.#remove(type, object);
    return this.#put(type, object);
  }

  /** @returns the object when it stays for now (finalizers, grace), undefined when it is gone. */
  delete(
    type: ServedType,
    namespace: string | undefined,
    name: string,
    request: DeleteRequest,
    context: WriteContext,
  ): {object: KubeObject; gone: boolean} {
    const previous = this.get(type, namespace, name);
    const admission = this.#admission(type, undefined, previous, context, 'DELETE', '');
    for (const plugin of this.#plugins) plugin.mutate?.(admission);
    for (const plugin of this.#plugins) plugin.validate?.(admission);
    const object = prepareDeletion({type, object: previous, request, now: this.#clock.now()});
    if (isGone(object)) {
      if (!context.dryRun) this.#remove(type, object);
      return {object: previous, gone: true};
    }
    if (context.dryRun || unchanged(object, previous)) return {object, gone: false};
    return {object: this.#put(type, object), gone: false};
  }

  #put(type: ServedType, object: KubeObject): KubeObject {
    try {
      return this.store.put(type.storage, object);
    } catch (error) {
      // What etcd refuses reaches clients as it is, without a reason.
      if (error instanceof SpaceExceeded) throw new ApiError(500, undefined, error.message);
      throw error;
    }
  }

  #remove(type: ServedType, object: KubeObject): KubeObject {
    const {namespace, name} = object.metadata;
    return this.store.remove(type.storage, namespace, name) ?? object;
  }

  /** Everything between the decoded object and the store that does not depend on where it goes. */
  #settle(
    type: ServedType,
    object: KubeObject,
    previous: KubeObject | undefined,
    context: WriteContext,
    operation: 'CREATE' | 'UPDATE',
    subresource: string,
  ): KubeObject {
    requirePlain(object);
    checkFields(type, object, context);
    applyTypeDefaults(type, object);
    const admission = this.#admission(type, object, previous, context, operation, subresource);
    for (const plugin of this.#plugins) plugin.mutate?.(admission);
    applyTypeDefaults(type, object);
    strategyOf(type.storage).prepare?.(object, previous, {store: this.store, subresource});
    const errors = validateByType(type, object, previous, context.warn);
    if (errors.length > 0) throw invalid(type, object.metadata.name ?? '', errors);
    for (const plugin of this.#plugins) plugin.validate?.(admission);
    return object;
  }

  #admission(
    type: ServedType,
    object: KubeObject | undefined,
    oldObject: KubeObject | undefined,
    context: WriteContext,
    operation: AdmissionRequest['operation'],
    subresource: string,
  ): AdmissionRequest {
    const {namespace, name} = (object ?? (oldObject as KubeObject)).metadata;
    return {
      operation,
      resource: type.storage,
      subresource,
      namespace,
      name: name ?? '',
      object,
      oldObject,
      dryRun: context.dryRun,
      user: context.user.username,
      warn: context.warn,
    };
  }

  #freeName(type: ServedType, object: KubeObject): string {
    const {generateName = '', namespace} = object.metadata;
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const name = generatedName(generateName, this.#random);
      if (!this.store.get(type.storage, namespace, name)) return name;
    }
    throw alreadyExists(type, generateName);
  }
}

/** Checks that a decoded body is an object of this type and version. @throws ApiError 400. */
export function checkKind(type: ServedType, version: string, body: any): asserts body is KubeObject {
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw badRequest('the body is not an object');
  const expected = groupVersion(type.group, version);
  if (body.kind !== undefined && body.kind !== '' && body.kind !== type.kind) {
    throw badRequest(
      `${type.kind} in version "${version}" cannot be handled as a ${type.kind}: no kind "${body.kind}" is registered for version "${expected}"`,
    );
  }
  if (body.apiVersion !== undefined && body.apiVersion !== '' && body.apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${body.apiVersion}) does not match the expected API version (${expected})`,
    );
  }
}

function merged(type: ServedType, given: KubeObject, previous: KubeObject, subresource: string): KubeObject {
  const old = previous.metadata;
  const metadata = {...given.metadata};
  metadata.name = old.name;
  for (const field of ['uid', 'creationTimestamp', 'resourceVersion', 'generation'] as const) {
    Object.assign(metadata, {[field]: old[field]});
  }
  for (const field of [
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generateName',
    'namespace',
  ] as const) {
    if (old[field] === undefined) delete metadata[field];
    else Object.assign(metadata, {[field]: old[field]});
  }
  if (metadata.managedFields === undefined && old.managedFields)
    metadata.managedFields = copyJson(old.managedFields);
  if (old.generation === undefined) delete metadata.generation;
  if (subresource === 'status') {
    const kept: KubeObject = {
      ...copyJson(previous),
      metadata: {...copyJson(old), managedFields: metadata.managedFields},
    };
    if (given['status'] === undefined) delete kept['status'];
    else kept['status'] = given['status'];
    return withoutUndefined(kept);
  }
  const object: KubeObject = {...given, metadata};
  if (hasSubresource(type, 'status')) {
    if (previous['status'] === undefined) delete object['status'];
    else object['status'] = copyJson(previous['status']);
  }
  return withoutUndefined(object);
}

function withoutUndefined(object: KubeObject): KubeObject {
  const metadata = object.metadata as unknown as Record<string, unknown>;
  for (const key in metadata) if (metadata[key] === undefined) delete metadata[key];
  return object;
}

function specChanged(object: KubeObject, previous: KubeObject): boolean {
  const {metadata: _, status: __, ...rest} = object;
  const {metadata: ___, status: ____, ...oldRest} = previous;
  return !equalJson(rest, oldRest);
}

/** Equal but for the times in `managedFields`: such a write is none. */
function unchanged(object: KubeObject, previous: KubeObject): boolean {
  const {managedFields = [], ...metadata} = object.metadata;
  const {managedFields: oldFields = [], ...oldMetadata} = previous.metadata;
  const timeless = (entries: any[]) => entries.map(({time: _, ...entry}) => entry);
  return (
    equalJson({...object, metadata}, {...previous, metadata: oldMetadata}) &&
    equalJson(timeless(managedFields), timeless(oldFields))
  );
}

/** An object that is being deleted goes with its last finalizer, once nobody has to stop it any more. */
function isGone(object: KubeObject): boolean {
  const {metadata} = object;
  if (metadata.deletionTimestamp === undefined) return false;
  const waiting = (metadata.finalizers?.length ?? 0) > 0 || isWaitingNamespace(object);
  return !waiting && (metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

function isWaitingNamespace(object: KubeObject): boolean {
  return (
    object.kind === 'Namespace' && object.apiVersion === 'v1' && (object['spec']?.finalizers?.length ?? 0) > 0
  );
}

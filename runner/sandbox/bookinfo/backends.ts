import type {ContainerContext} from '../kubelet/image.ts';
import {getOverPodNetwork, type PodAnswer} from './http-client.ts';

export interface Details {
  author?: string;
  year?: number;
  type?: string;
  pages?: number;
  publisher?: string;
  language?: string;
  'ISBN-10'?: string;
  'ISBN-13'?: string;
}

export interface Review {
  reviewer: string;
  text: string;
  rating?: {stars?: number; color?: string; error?: string};
}

export interface Reviews {
  podname?: string;
  clustername?: string;
  reviews?: Review[];
}

/** What a backend said, or the sentence that stands in for it. */
export type BackendResult<T> = {status: 200; value: T} | {status: number; error: string};

export type Backend = 'details' | 'reviews' | 'ratings';

const timeout = 3000;

export function succeeded<T>(result: BackendResult<T>): result is {status: 200; value: T} {
  return 'value' in result;
}

/** productpage's way to its backends. `count` is told every outcome, for the metrics. */
export class Backends {
  readonly #context: ContainerContext;
  readonly #count: (backend: Backend, status: number) => void;

  constructor(options: {context: ContainerContext; count: (backend: Backend, status: number) => void}) {
    this.#context = options.context;
    this.#count = options.count;
  }

  details(id: string, headers: Record<string, string>): Promise<BackendResult<Details>> {
    return this.#ask({backend: 'details', id, headers, attempts: 1});
  }

  /**
   * Tries twice, 3 s each: with a delay of 7 s between reviews and ratings the page gives up after 6 s, though reviews
   * v2 would wait 10 s. The original has this fault on purpose, and the fault lab is about finding it.
   */
  reviews(id: string, headers: Record<string, string>): Promise<BackendResult<Reviews>> {
    return this.#ask({backend: 'reviews', id, headers, attempts: 2});
  }

  ratings(id: string, headers: Record<string, string>): Promise<BackendResult<unknown>> {
    return this.#ask({backend: 'ratings', id, headers, attempts: 1});
  }

  /** Asks reviews, one after the other, as many times as FLOOD_FACTOR says, and throws the answers away. */
  async flood(id: string, headers: Record<string, string>): Promise<void> {
    const factor = Number.parseInt(this.#context.env.FLOOD_FACTOR ?? '0', 10) || 0;
    for (let request = 0; request < factor; request++) await this.reviews(id, headers);
  }

  async #ask<T>(options: {
    backend: Backend;
    id: string;
    headers: Record<string, string>;
    attempts: number;
  }): Promise<BackendResult<T>> {
    const {backend, id, headers, attempts} = options;
    let status = 500;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const answer = await this.#get(backend, id, headers).catch((error: Error) => {
        this.#context.log(`${backend}: ${error.message}`);
        return undefined;
      });
      status = answer?.status ?? 500;
      if (answer?.status !== 200) continue;
      this.#count(backend, 200);
      return {status: 200, value: JSON.parse(answer.body)};
    }
    this.#count(backend, status);
    return {status, error: `Sorry, product ${backend} are currently unavailable for this book.`};
  }

  #get(backend: Backend, id: string, headers: Record<string, string>): Promise<PodAnswer> {
    const {env, attachment, clock} = this.#context;
    const name = env[`${backend.toUpperCase()}_HOSTNAME`] ?? backend;
    return getOverPodNetwork({
      network: attachment.network,
      clock,
      host: env.SERVICES_DOMAIN === undefined ? name : `${name}.${env.SERVICES_DOMAIN}`,
      port: Number(env[`${backend.toUpperCase()}_SERVICE_PORT`] ?? 9080),
      path: `/${backend}/${id}`,
      headers: {accept: '*/*', ...headers},
      timeout,
    });
  }
}

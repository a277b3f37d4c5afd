import type {StoreEvent} from './store-event.ts';

export interface HistoryOptions {
  /** How many events are kept at most. */
  events: number;
  /** How much memory their objects may take, in bytes as `memoryOf` counts them. */
  bytes: number;
  /** The revision that the store starts with. */
  revision: number;
}

/** The latest events, in the order of their revisions, which have no gaps. */
export class History {
  readonly #limits: HistoryOptions;
  #events: (StoreEvent | undefined)[] = [];
  #sizes: number[] = [];
  #dropped = 0;
  #bytes = 0;
  #oldest: number;

  constructor(options: HistoryOptions) {
    this.#limits = options;
    this.#oldest = options.revision;
  }

  /** The oldest revision of which all later events are here. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Keeps an event and lets go of the oldest beyond the limits, but never of this one. */
  add(event: StoreEvent, bytes: number): void {
    this.#events.push(event);
    this.#sizes.push(bytes);
    this.#bytes += bytes;
    const {events, bytes: mostBytes} = this.#limits;
    for (let kept = this.#kept; kept > 1 && (kept > events || this.#bytes > mostBytes); kept -= 1)
      this.#drop();
  }

  /** The event that follows a revision, or undefined when that is the newest. */
  next(revision: number): StoreEvent | undefined {
    return this.#events[this.#dropped + revision - this.#oldest];
  }

  get #kept(): number {
    return this.#events.length - this.#dropped;
  }

  #drop(): void {
    this.#oldest = this.#events[this.#dropped]?.revision ?? this.#oldest;
    this.#bytes -= this.#sizes[this.#dropped] ?? 0;
    this.#events[this.#dropped] = undefined;
    this.#dropped += 1;
    // Moving the rest at every step would cost as much as there are events.
    if (this.#dropped < 1024 || this.#dropped * 2 < this.#events.length) return;
    this.#events = this.#events.slice(this.#dropped);
    this.#sizes = this.#sizes.slice(this.#dropped);
    this.#dropped = 0;
  }
}

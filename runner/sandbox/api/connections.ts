import type {ServerResponse} from 'node:http';
import type {Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import type {Clock, Timer} from '../clock.ts';

/** What a client may take before its connection ends; times in milliseconds. */
export interface ConnectionLimits {
  /** From connecting to the end of the TLS handshake. */
  handshake: number;
  /** From there, or from its first byte, to the end of a request's head. */
  headers: number;
  /** Between two pieces of a request's body. */
  bodySilence: number;
  /** Between two times that a client reads, while there is something to read. */
  readSilence: number;
  /** How many connections may be open that have not shown who they are; the oldest go first. */
  strangers: number;
  /**
   * How many bytes all clients together may leave unread before those go that have read nothing for a while (`pause`),
   * and twice that before others go, too; those that have read nothing for the longest first.
   */
  unread: number;
  /** For how long whoever is about to read may read nothing. */
  pause: number;
}

export const defaultLimits: ConnectionLimits = {
  handshake: 10_000,
  headers: 30_000,
  bodySilence: 60_000,
  readSilence: 60_000,
  strangers: 128,
  unread: 48 * 1024 * 1024,
  pause: 1000,
};

const caughtUpEvents = ['drain', 'finish', 'close'] as const;
/** How often, in milliseconds, what is written past us (logs, exec, port-forward) is looked at. */
const interval = 250;

/** Keeps count of the open connections, and cuts those that cost too much. */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #clock: Clock;
  readonly #sockets = new Set<Duplex>();
  /** By the client's end of the connection, the oldest first. */
  readonly #strangers = new Map<string, Socket>();
  readonly #direct = new Set<Duplex>();
  readonly #behind = new Set<ServerResponse>();
  /** What each that has something left to read had read, and since when it is no more than that. */
  readonly #silent = new Map<Duplex, {read: number; since: number}>();
  #check: Timer | undefined;

  constructor(options: {limits: ConnectionLimits; clock: Clock}) {
    this.#limits = options.limits;
    this.#clock = options.clock;
  }

  /** A client connected; nothing is known of it. */
  arrived(socket: Socket): void {
    const peer = peerOf(socket);
    this.#strangers.set(peer, socket);
    socket.once('close', () => {
      if (this.#strangers.get(peer) === socket) this.#strangers.delete(peer);
    });
    if (this.#strangers.size <= this.#limits.strangers) return;
    const [oldest] = this.#strangers.values();
    oldest?.destroy();
  }

  /** The connection is ready for requests. */
  opened(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#silent.delete(socket);
    });
  }

  /** Its client has shown who it is. */
  recognised(socket: Socket): void {
    this.#strangers.delete(peerOf(socket));
  }

  isStranger(socket: Socket): boolean {
    return this.#strangers.has(peerOf(socket));
  }

  /** Something was written to a client that has not read all of it. */
  behind(response: ServerResponse): void {
    if (!this.#behind.has(response)) {
      this.#behind.add(response);
      const timer = this.#clock.after(this.#limits.readSilence, () => response.destroy());
      const caughtUp = () => {
        timer.cancel();
        this.#behind.delete(response);
        for (const event of caughtUpEvents) response.off(event, caughtUp);
      };
      for (const event of caughtUpEvents) response.on(event, caughtUp);
    }
    this.#cutSlowest();
  }

  /** From now on this connection is written to without our knowing. */
  handedOver(socket: Duplex): void {
    this.#direct.add(socket);
    socket.once('close', () => this.#direct.delete(socket));
    this.#checkLater();
  }

  close(): void {
    this.#check?.cancel();
    for (const socket of [...this.#sockets, ...this.#strangers.values()]) socket.destroy();
  }

  #checkLater(): void {
    this.#check ??= this.#clock.after(interval, () => {
      this.#check = undefined;
      this.#cutSlowest();
      if (this.#direct.size > 0) this.#checkLater();
    });
  }

  #cutSlowest(): void {
    const now = this.#clock.now();
    let unread = 0;
    for (const socket of this.#sockets) {
      this.#look(socket, now);
      unread += socket.writableLength;
    }
    const {unread: limit, pause} = this.#limits;
    if (unread <= limit) return;
    // Of those that stopped at the same time, those with the most.
    const slowest = [...this.#silent].sort(
      ([a, left], [b, right]) => left.since - right.since || b.writableLength - a.writableLength,
    );
    for (const [socket, {since}] of slowest) {
      const most = now - since < pause ? 2 * limit : limit;
      if (unread <= most) break;
      unread -= socket.writableLength;
      this.#silent.delete(socket);
      socket.destroy();
    }
    if (unread > limit) this.#checkLater();
  }

  /** Sees whether a client has read something since the last look. */
  #look(socket: Duplex, now: number): void {
    if (socket.writableLength === 0) {
      this.#silent.delete(socket);
      return;
    }
    const read = ((socket as Partial<Socket>).bytesWritten ?? 0) - socket.writableLength;
    if (this.#silent.get(socket)?.read !== read) this.#silent.set(socket, {read, since: now});
  }
}

/** The client's end, which a TLS connection and the plain one below it have in common. */
function peerOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}

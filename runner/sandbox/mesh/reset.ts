import type {Duplex} from 'node:stream';

const partners = new WeakMap<Duplex, Duplex>();

/** Notes which socket is at the other end; both are of this process. */
export function pair(accepted: Duplex, dialled: Duplex): void {
  partners.set(accepted, dialled);
}

/** Ends an accepted connection as a TCP reset does: the other side reads ECONNRESET, not the end of the stream. */
export function resetConnection(accepted: Duplex): void {
  const partner = partners.get(accepted);
  const error = Object.assign(new Error('read ECONNRESET'), {
    code: 'ECONNRESET',
    errno: -104,
    syscall: 'read',
  });
  if (partner && !partner.destroyed) partner.destroy(error);
  accepted.destroy();
}

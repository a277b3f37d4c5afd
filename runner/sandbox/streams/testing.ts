import {Duplex} from 'node:stream';

/** Two ends of one in-memory connection: what is written to one is read from the other. */
export function duplexPair(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex => {
    let room: (() => void) | undefined;
    const end = new Duplex({
      allowHalfOpen: true,
      read() {
        const resume = room;
        room = undefined;
        resume?.();
      },
      write(chunk, _encoding, done) {
        const peer = other() as Duplex & {waitForRoom(resume: () => void): void};
        if (peer.push(chunk)) done();
        else peer.waitForRoom(done);
      },
      final(done) {
        other().push(null);
        done();
      },
      destroy(error, done) {
        const peer = other();
        if (!peer.destroyed) peer.push(null);
        room?.();
        done(error);
      },
    });
    return Object.assign(end, {
      waitForRoom(resume: () => void) {
        room = resume;
      },
    });
  };
  let left: Duplex;
  let right: Duplex;
  left = make(() => right);
  right = make(() => left);
  return [left, right];
}

/** Where a program writes. */
export interface Sink {
  /** Resolves when there is room for more. @throws BrokenPipe when nobody reads any longer. */
  write(data: string | Uint8Array): Promise<void>;
}

/** Thrown by a write whose reader has ended; a program that lets it pass ends as by SIGPIPE. */
export class BrokenPipe extends Error {
  override name = 'BrokenPipe';
}

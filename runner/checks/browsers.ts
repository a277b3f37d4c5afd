import type {VerifyBrowser} from '../../verify/observation.ts';

/** Lends the one browser of this run; it is found, fetched and launched when the first check needs it. */
export interface Browsers {
  /** @throws WorkshopError `no-browser` with what to run, when there is none and none can be had. */
  lend(signal: AbortSignal): Promise<VerifyBrowser>;
  /** Begins to find or fetch it already; a failure is told by the next `lend`. */
  warmUp(signal: AbortSignal): void;
  close(): Promise<void>;
}

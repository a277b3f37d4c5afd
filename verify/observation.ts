/** What a page load showed. `unavailable` means that no version can be read off it. */
export type SeenStars = 'none' | 'black' | 'red' | 'unavailable';

/** Who loads the page; any name but `anonymous` signs in under it. */
export type Visitor = string;

/** The raw facts of one load of the product page, as the browser found them; nothing is judged here. */
export interface PageReading {
  /** HTTP status of the document; null when there was no answer. */
  status: number | null;
  /** Review cards that were rendered. */
  reviews: number;
  /** Filled stars of each review, in order. */
  filledStars: readonly number[];
  /** The computed colours of the filled stars, distinct, as CSS `rgb(...)`. */
  colours: readonly string[];
  /** Colours that the markup asks for (class or attribute), distinct; to tell when a style did not load. */
  markupColours: readonly string[];
  /** Error paragraphs and headings on the page. */
  errors: readonly string[];
  /** The pod in "Reviews served by", or null. */
  pod: string | null;
  /** Static files that the page asked for and did not get, each with its status: `/static/a.css: 404`. */
  failedStatic: readonly string[];
  /** The visitor the page says is signed in, or null. */
  signedInAs: string | null;
}

export interface Observation extends PageReading {
  visitor: Visitor;
  stars: SeenStars;
  /** Why the stars can't be told, or a disagreement between what was seen; one sentence. */
  remark?: string;
  /** Milliseconds from request to rendered page. */
  milliseconds: number;
  /** Set when the page could not be loaded at all: connection refused, time-out, browser gone. */
  failure?: {code: string; message: string};
}

export interface VisitorPage {
  readonly visitor: Visitor;
  /** Loads the product page anew and reads it. Never throws for what the page or the network did. */
  load(options?: {signal?: AbortSignal}): Promise<Observation>;
  /** Signs out through the page's own link; the next load signs in again. */
  signOut(): Promise<void>;
  /** A picture (PNG) of the reviews as they stand, of their error, or of the page where there is neither. */
  screenshot(): Promise<Uint8Array>;
  html(): Promise<string>;
  /**
   * Records a Playwright trace while `work` loads the page. It holds all that the browser sent and got, cookies too.
   * @returns the archive; @throws what `work` throws, or where the browser can't record
   */
  traced?(work: () => Promise<void>): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface VerifyBrowser {
  /** For the report: `chromium-headless-shell 147.0`. */
  readonly description: string;
  /**
   * Opens an isolated context for the visitor. A load that finds them not signed in signs them in through the page's
   * own form, so opening needs no page to be there yet. Where the page is at several addresses of one host, `url` is
   * asked before each load. `timeout` is for one load, in milliseconds.
   */
  open(options: {url: string | (() => string); visitor: Visitor; timeout?: number}): Promise<VisitorPage>;
  close(): Promise<void>;
}

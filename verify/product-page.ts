import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {BrowserContext, Page, Response} from 'playwright-core';
import {loadFailure} from './load-failure.ts';
import type {Observation, PageReading, Visitor, VisitorPage} from './observation.ts';
import {readPage} from './read-page.ts';
import {reviewsPart} from './reviews-part.ts';
import {judgeStars} from './stars.ts';
import {signedInName, signedOutName} from './visitors.ts';

/** Longer than the page itself may take: details 3 s, reviews twice 3 s, and a delay that a lab injects. */
const defaultTimeout = 20_000;

/** How long a style that is made by a script (Bookinfo's Tailwind is one) may take after the page has loaded. */
const styleTimeout = 1000;

const nothing: Omit<PageReading, 'status' | 'failedStatic'> = {
  reviews: 0,
  filledStars: [],
  colours: [],
  markupColours: [],
  errors: [],
  pod: null,
  signedInAs: null,
};

/** The product page as one visitor sees it, in a context that shares nothing with the others. */
export class ProductPage implements VisitorPage {
  readonly visitor: Visitor;
  readonly #context: BrowserContext;
  readonly #url: string | (() => string);
  readonly #timeout: number;
  #page: Page | undefined;
  #failedStatic: string[] = [];
  #hasSignedOut = false;

  constructor(options: {
    context: BrowserContext;
    url: string | (() => string);
    visitor: Visitor;
    timeout?: number;
  }) {
    this.#context = options.context;
    this.visitor = options.visitor;
    this.#url = options.url;
    this.#timeout = options.timeout ?? defaultTimeout;
  }

  async load(options: {signal?: AbortSignal} = {}): Promise<Observation> {
    const {signal} = options;
    const startedAt = performance.now();
    const observe = (reading: PageReading, failure?: Observation['failure']): Observation => ({
      ...reading,
      visitor: this.visitor,
      ...judgeStars(reading),
      milliseconds: Math.round(performance.now() - startedAt),
      ...(failure === undefined ? {} : {failure, remark: failure.message}),
    });
    // Closing the page is what makes a load in flight end; the next one opens another in the same context.
    const abandon = () => void this.#page?.close().catch(() => {});
    signal?.addEventListener('abort', abandon, {once: true});
    try {
      signal?.throwIfAborted();
      const url = typeof this.#url === 'string' ? this.#url : this.#url();
      const reload = () => this.#read(page => page.goto(url, {timeout: this.#timeout}));
      let reading = await reload();
      const before = signedOutName(this.visitor);
      if (before !== undefined && !this.#hasSignedOut && reading.status === 200) {
        reading = await this.#read(page => this.#signIn(page, before));
        if (reading.signedInAs !== before) return observe(reading, notSignedIn(before));
        await this.signOut();
        this.#hasSignedOut = true;
        reading = await reload();
      }
      const name = signedInName(this.visitor);
      if (name !== undefined && isSomebodyElse(reading, name))
        reading = await this.#read(page => this.#signIn(page, name));
      if (isSomebodyElse(reading, name)) return observe(reading, notSignedIn(name));
      return observe(reading);
    } catch (error) {
      const failure = signal?.aborted
        ? {code: 'aborted', message: 'The load was given up.'}
        : loadFailure(error);
      return observe({...nothing, status: null, failedStatic: this.#failedStatic}, failure);
    } finally {
      signal?.removeEventListener('abort', abandon);
    }
  }

  async signOut(): Promise<void> {
    await this.#page?.locator('a[href="logout"], a[href="/logout"]').first().click({timeout: this.#timeout});
    await this.#page?.waitForLoadState('load');
  }

  async screenshot(): Promise<Uint8Array> {
    const page = await this.#currentPage();
    const part = await page.evaluate(reviewsPart);
    return page.screenshot({timeout: this.#timeout, ...(part === null ? {} : {fullPage: true, clip: part})});
  }

  async html(): Promise<string> {
    return (await this.#currentPage()).content();
  }

  async traced(work: () => Promise<void>): Promise<Uint8Array> {
    const {tracing} = this.#context;
    await tracing.start({screenshots: true, snapshots: true, title: `The product page as ${this.visitor}`});
    // It is nobody else's to read before who asked for it has looked through it.
    const folder = await mkdtemp(path.join(tmpdir(), 'istio-workshop-trace-'));
    try {
      const file = path.join(folder, 'trace.zip');
      try {
        await work();
      } finally {
        await tracing.stop({path: file});
      }
      return await readFile(file);
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  async #read(navigate: (page: Page) => Promise<Response | null>): Promise<PageReading> {
    const page = await this.#currentPage();
    this.#failedStatic = [];
    const response = await navigate(page);
    let inPage = await page.evaluate(readPage);
    const deadline = performance.now() + styleTimeout;
    while (isUnstyled(inPage) && this.#failedStatic.length === 0 && performance.now() < deadline) {
      await page.waitForTimeout(25);
      inPage = await page.evaluate(readPage);
    }
    return {...inPage, status: response?.status() ?? null, failedStatic: this.#failedStatic};
  }

  /** Fills in the form that a person would; any password is taken. @returns the page that it leads back to. */
  async #signIn(page: Page, visitor: string): Promise<Response | null> {
    const form = page.locator('form[name="login_form"]');
    const name = form.locator('input[name="username"]');
    if (!(await name.isVisible())) {
      await page.locator('#sign-in-button, a[href="#login-modal"]').first().click({timeout: this.#timeout});
    }
    await name.fill(visitor, {timeout: this.#timeout});
    await form.locator('input[name="passwd"]').fill('workshop', {timeout: this.#timeout});
    const [response] = await Promise.all([
      page.waitForNavigation({timeout: this.#timeout}),
      form.locator('[type="submit"]').click({timeout: this.#timeout, noWaitAfter: true}),
    ]);
    return response;
  }

  async #currentPage(): Promise<Page> {
    if (this.#page !== undefined && !this.#page.isClosed()) return this.#page;
    const page = await this.#context.newPage();
    page.on('response', response => {
      if (response.status() >= 400) this.#noteStatic(response.url(), String(response.status()));
    });
    page.on('requestfailed', request =>
      this.#noteStatic(request.url(), request.failure()?.errorText ?? 'no answer'),
    );
    this.#page = page;
    return page;
  }

  #noteStatic(url: string, outcome: string) {
    const {pathname} = new URL(url);
    // An answer with an error status can be followed by a failure to use it; the first says more.
    const isNoted = this.#failedStatic.some(noted => noted.startsWith(`${pathname}: `));
    if (pathname.includes('/static/') && !isNoted) this.#failedStatic.push(`${pathname}: ${outcome}`);
  }
}

function isSomebodyElse(reading: PageReading, name: string | undefined): boolean {
  return reading.status === 200 && (reading.signedInAs ?? undefined) !== name;
}

function notSignedIn(name: string | undefined): {code: string; message: string} {
  return name === undefined
    ? {code: 'still-signed-in', message: 'The page still shows somebody as signed in after signing out.'}
    : {
        code: 'not-signed-in',
        message: `The page does not show ${name} as signed in after the sign-in form was sent.`,
      };
}

/** The markup asks for red and the stars are still in the colour that text has by default. */
function isUnstyled({
  markupColours,
  colours,
}: {
  markupColours: readonly string[];
  colours: readonly string[];
}): boolean {
  return markupColours.includes('red') && colours.includes('rgb(0, 0, 0)');
}

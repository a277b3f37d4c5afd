import {BrokenPipe, type Sink} from './sink.ts';

/** Bytes to read, by line or as they come; shared by all commands of a shell, so nothing is read ahead for good. */
export class Input {
  readonly #source: AsyncIterator<Uint8Array>;
  #pending: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** No input at all, as /dev/null. */
  static empty(): Input {
    return Input.of('');
  }

  static of(data: string | Uint8Array): Input {
    return new Input(
      (async function* () {
        const bytes = Buffer.from(data);
        if (bytes.length > 0) yield bytes;
      })(),
    );
  }

  /** The next line without its end, or nothing at the end of the input. */
  async readLine(): Promise<string | undefined> {
    for (;;) {
      const at = this.#pending.indexOf(0x0a);
      if (at >= 0) {
        const line = this.#pending.toString('utf8', 0, at);
        this.#pending = this.#pending.subarray(at + 1);
        return line;
      }
      const more = await this.#next();
      if (!more) {
        const rest = this.#pending;
        this.#pending = Buffer.alloc(0);
        return rest.length === 0 ? undefined : rest.toString();
      }
      this.#pending = Buffer.concat([this.#pending, more]);
    }
  }

  /** What comes next, as it comes. */
  async *chunks(): AsyncGenerator<Buffer> {
    for (;;) {
      if (this.#pending.length > 0) {
        const pending = this.#pending;
        this.#pending = Buffer.alloc(0);
        yield pending;
      }
      const more = await this.#next();
      if (!more) return;
      yield more;
    }
  }

  async readAll(): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const chunk of this.chunks()) parts.push(chunk);
    return Buffer.concat(parts);
  }

  async *lines(): AsyncGenerator<string> {
    for (let line = await this.readLine(); line !== undefined; line = await this.readLine()) yield line;
  }

  async #next(): Promise<Buffer | undefined> {
    if (this.#ended) return undefined;
    const {done, value} = await this.#source.next();
    if (done) this.#ended = true;
    return done ? undefined : Buffer.from(value);
  }
}

const pipeRoom = 64 * 1024;

/** A pipe between two programs of a pipeline: it holds 64 KiB, then the writer waits. */
export class Pipe {
  readonly input: Input;
  readonly sink: Sink;
  #held: Buffer[] = [];
  #size = 0;
  #writerDone = false;
  #readerDone = false;
  #wake: () => void = () => {};
  #changed = this.#nextChange();

  constructor() {
    this.input = new Input(this.#read());
    this.sink = {write: data => this.#write(Buffer.from(data as Uint8Array))};
  }

  /** The writer has ended: the reader gets what is held, then the end. */
  endWriting(): void {
    this.#writerDone = true;
    this.#notify();
  }

  /** The reader has ended: every further write throws. */
  endReading(): void {
    this.#readerDone = true;
    this.#notify();
  }

  #nextChange(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve;
    });
  }

  #notify(): void {
    const wake = this.#wake;
    this.#changed = this.#nextChange();
    wake();
  }

  async #write(data: Buffer): Promise<void> {
    if (this.#readerDone) throw new BrokenPipe('Broken pipe');
    this.#held.push(data);
    this.#size += data.length;
    this.#notify();
    while (this.#size > pipeRoom && !this.#readerDone) await this.#changed;
  }

  async *#read(): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = this.#held.shift();
      if (chunk) {
        this.#size -= chunk.length;
        this.#notify();
        yield chunk;
      } else if (this.#writerDone) return;
      else await this.#changed;
    }
  }
}

/** Collects what is written, for `$(...)` and for probes. */
export class Collector implements Sink {
  readonly #parts: Buffer[] = [];

  async write(data: string | Uint8Array): Promise<void> {
    this.#parts.push(Buffer.from(data as Uint8Array));
  }

  text(): string {
    return Buffer.concat(this.#parts).toString();
  }
}

/** /dev/null. */
export const discard: Sink = {write: async () => {}};

import type {Readable} from 'node:stream';

/** The terminal behind standard input, when there is one. */
export interface Terminal {
  size(): {columns: number; rows: number};
  setRaw(raw: boolean): void;
  /** @returns a function that stops listening. */
  onResize(listener: () => void): () => void;
}

/** Everything a tool may touch of the process it runs in; the entry point alone makes the real one. */
export interface ToolIo {
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  stdin: Readable;
  out(text: string | Uint8Array): void;
  err(text: string | Uint8Array): void;
  terminal: Terminal | undefined;
  /** Aborted by the first interrupt. */
  signal: AbortSignal;
  now(): number;
  /** Opens the file in the user's editor and resolves with its exit code. */
  edit(file: string): Promise<number>;
}

/** Ends a command with a text on standard error and an exit code; the entry point prints it. */
export class ToolError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'ToolError';
    this.exitCode = exitCode;
  }
}

/** All of standard input as text. */
export async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

import type {Terminal, ToolIo} from './io.ts';

function terminal(): Terminal | undefined {
  const {stdin, stdout} = process;
  if (!stdin.isTTY) return undefined;
  return {
    size: () => ({columns: stdout.columns ?? 80, rows: stdout.rows ?? 24}),
    setRaw: raw => stdin.setRawMode(raw),
    onResize(listener) {
      stdout.on('resize', listener);
      return () => stdout.off('resize', listener);
    },
  };
}

async function edit(file: string): Promise<number> {
  const {spawn} = await import('node:child_process');
  const editor = process.env['KUBE_EDITOR'] || process.env['EDITOR'] || 'vi';
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'edit', file], {stdio: 'inherit'});
    child.on('error', reject);
    child.on('exit', code => resolve(code ?? 1));
  });
}

/** The real process, for the two entry points. A reader that goes away (`| head`) ends it quietly. */
export function processIo(): ToolIo {
  const stop = new AbortController();
  let interrupts = 0;
  const interrupt = () => {
    if (++interrupts > 1 || stop.signal.aborted) process.exit(130);
    stop.abort();
    // Whatever does not listen to the signal ends as an uncaught one would.
    setTimeout(() => process.exit(130), 500).unref();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.stdout.on('error', error =>
    process.exit((error as NodeJS.ErrnoException).code === 'EPIPE' ? 0 : 1),
  );
  return {
    args: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    out: text => void process.stdout.write(text),
    err: text => void process.stderr.write(text),
    terminal: terminal(),
    signal: stop.signal,
    now: () => Date.now(),
    edit,
  };
}

/** Ends the process once all that it said is written: a pipe takes 64 KiB at a time, and its reader may be slow. */
export async function exitWith(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>(resolve => stream.write('', () => resolve()));
  }
  process.exit(code);
}

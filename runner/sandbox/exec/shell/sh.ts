import {exits, type Process, type Program} from '../process.ts';
import {builtins} from './builtins.ts';
import {Shell} from './interpreter.ts';

/** Makes `sh` (and `bash`, where the image has it). */
export function createSh(findProgram: (name: string) => Program | undefined): Program {
  return async process => {
    const [called = 'sh', ...words] = process.argv;
    const name = called.split('/').pop() as string;
    let script: string | undefined;
    let interactive = false;
    let traces = '';
    while (words[0]?.startsWith('-')) {
      const flags = words.shift() as string;
      if (flags === '--') break;
      if (flags === '--version') {
        await process.stdout.write(`${name} (istio-workshop sandbox, a small POSIX shell)\n`);
        return 0;
      }
      if (flags.includes('i')) interactive = true;
      traces += flags.replace(/[^ex]/g, '');
      if (flags.includes('c')) {
        script = words.shift();
        if (script === undefined) {
          await process.stderr.write(`${name}: 0: -c requires an argument\n`);
          return 2;
        }
      }
    }
    const shell = new Shell({
      name,
      parameters: script === undefined ? [called] : words.length > 0 ? words : [called],
      process,
      findProgram,
      builtins,
    });
    shell.options.exitOnError = traces.includes('e');
    shell.options.trace = traces.includes('x');
    if (script !== undefined) return shell.runScript(script);
    const [file] = words;
    if (file !== undefined) {
      const entry = process.view.files.find(file, process.cwd);
      if (entry?.type === 'file') return shell.runScript(entry.read());
      await process.stderr.write(`${name}: 0: cannot open ${file}: No such file\n`);
      return exits.notFound;
    }
    return process.tty || interactive
      ? prompt(shell, process)
      : shell.runScript((await process.stdin.readAll()).toString());
  };
}

/** Reads and runs line by line until `exit` or the end of the input. */
async function prompt(shell: Shell, process: Process): Promise<number> {
  for (;;) {
    await process.stdout.write(
      shell.name === 'bash' ? `root@${process.env['HOSTNAME'] ?? ''}:${shell.cwd}# ` : '# ',
    );
    const stopWaiting = process.onInterrupt?.(() => 'prompt');
    const line = await process.stdin.readLine();
    stopWaiting?.();
    if (line === undefined) {
      await process.stdout.write('\n');
      return shell.lastStatus;
    }
    const interrupt = new AbortController();
    const stop = process.onInterrupt?.(() => {
      interrupt.abort();
      return 'stopped';
    });
    try {
      shell.process = {...process, signal: AbortSignal.any([process.signal, interrupt.signal])};
      const {exited} = await shell.runLine(line);
      if (interrupt.signal.aborted) shell.lastStatus = exits.interrupted;
      else if (exited) return shell.lastStatus;
    } finally {
      stop?.();
    }
    if (process.signal.aborted) return exits.interrupted;
  }
}

import {Command, CommanderError} from 'commander';
import {type ExitCode, exitCodes, type Remedy, remedyText, WorkshopError} from '../errors.ts';
import {suggestion} from '../nearest.ts';
import {withoutControls} from '../ui/text/clean-text.ts';
import {version} from '../version.ts';
import {globalFlags, verifyFlags} from './flags.ts';
import {programOf} from './invocation.ts';
import type {Io} from './io.ts';
import type {GlobalOptions} from './options.ts';
import {report} from './report.ts';
import {gather} from './run/lists.ts';
import {notingSignals} from './signals.ts';

type Action = (options: any, ...args: any[]) => Promise<ExitCode>;

/**
 * Reads the command line and does what it says. What a signal ends has that signal's exit code, wherever it was.
 * @returns the exit code; never throws.
 */
export async function runCli(outside: Io): Promise<ExitCode> {
  const {io, ended} = notingSignals(outside);
  let code: ExitCode = exitCodes.passed;
  let given: GlobalOptions = {};

  /** Commander passes positional arguments, then options, then the command itself. */
  const does =
    (action: Action) =>
    async (...args: any[]): Promise<void> => {
      const command: Command = args.at(-1);
      given = command.optsWithGlobals();
      code = await action(given, ...args.slice(0, -2));
    };

  const program = buildProgram(io, does);
  try {
    await program.parseAsync([...io.argv], {from: 'user'});
    return ended() ?? code;
  } catch (error) {
    const signalled = ended();
    // That what was asked to end did end is no fault.
    if (signalled !== undefined && !(error instanceof WorkshopError)) return signalled;
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.passed : exitCodes.usage;
    const reported = report(io, error, given);
    return signalled ?? reported;
  }
}

function buildProgram(io: Io, does: (action: Action) => (...args: any[]) => Promise<void>): Command {
  const program = new Command('istio-workshop');
  for (const {flags, help} of globalFlags) program.option(flags, help);
  program
    .description(
      'Learn Istio in the terminal: numbered labs, confirmed by a real browser that reads the colour of the stars.',
    )
    .version(version, '--version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: text => void io.stdout.write(text),
      writeErr: text => void io.stderr.write(withoutControls(text)),
      outputError: (text, write) => write(text.replace(/^error: /, 'error: ')),
    })
    .showHelpAfterError(`  → ${remedyText(allCommands, programOf(io.env))}`)
    .showSuggestionAfterError(true)
    .allowExcessArguments(false)
    .helpCommand(false)
    .addHelpText(
      'after',
      [
        '',
        'Without a command: the app on a terminal, else `run --all`.',
        'A LAB is a number, an id or a folder name: 5, route-to-v2, 05-route-to-v2.',
        '',
        'Exit codes: 0 all passed, 1 a check failed, 2 wrong usage or bad lab, 3 could not be checked,',
        '70 a fault of ours, 130 interrupted, 143 terminated.',
      ].join('\n'),
    )
    .usage('[options] [command]')
    // A word that is no command arrives here; without this it would only be "too many arguments".
    .argument('[words...]')
    .action(
      does(async (options, words: string[]) => {
        if (words[0] !== undefined) throw unknownCommand(words[0], program);
        return (await import('./commands/open.ts')).open(io, options);
      }),
    );

  program
    .command('run')
    .argument('[labs...]', 'labs to do; without any, all of them')
    .description('solve and check labs in order without asking; what they need comes first')
    .option('--all', 'all labs')
    .option('--from <lab>', 'the first lab of a range')
    .option('--to <lab>', 'the last lab of a range')
    .option('--tag <tag>', 'only labs with this tag; several: any of them', gather)
    .option(
      '--visitor <visitor>',
      'only what is about this visitor, or about none; several: any of them',
      gather,
    )
    .option('--skip-install', 'the mesh is there: verify it, and change nothing outside of bookinfo')
    .option('--istio <version>', 'a release of Istio other than the usual one')
    .option('--fresh', 'in a private workshop that is removed afterwards')
    .option('--keep', 'leave a private workshop standing, and say how to go on with it')
    .option('--again', 'undo the labs first, instead of going on with what stands of them')
    .option('--ci', 'for CI: --fresh, and 50 loads of each visitor in a proof')
    .option('--loads <n>', 'loads of each visitor in a proof (default: 10)')
    .option('--deadline <time>', 'when to end at the latest: 90s, 10m; what is left counts as not checked')
    .option('--fail-fast', 'end with the first lab that fails, instead of doing those that do not need it')
    .option('--evidence <dir>', 'write a picture of the page for each visitor there')
    .option('--report <dir>', 'write a report there: HTML, JUnit, JSON, Markdown, SARIF; implies --fresh')
    .option('--events <target>', 'tell each change to a file or an address, as CloudEvents')
    .action(does(async (options, labs) => (await import('./commands/run.ts')).run(io, labs, options)));
  program
    .command('check')
    .argument('[lab]', 'the current lab by default')
    .description('look at the conditions of a lab and change nothing')
    .option('--all', 'every lab that has passed and should still hold')
    .option('--loads <n>', 'loads of each visitor in a proof (default: 10)')
    .option('--evidence <dir>', 'write a picture of the page for each visitor there')
    .action(does(async (options, lab) => (await import('./commands/check.ts')).check(io, lab, options)));
  program
    .command('why')
    .description('show a page load as the tree of its calls, and which rule decides each of them')
    .option('--as <visitor>', 'who opens the page (default: anonymous)')
    .option('--via <entry>', 'productpage (a port-forward) or gateway (default: productpage)')
    .option('--path <path>', 'what is asked for (default: /productpage)')
    .option('--from <workload>', 'one call instead of a page: who makes it')
    .option('--to <host>', 'where that call goes: reviews:9080')
    .option('--last', 'what the last change to the mesh did for each visitor')
    .action(does(async options => (await import('./commands/why.ts')).why(io, options)));
  program
    .command('list')
    .description('list the labs and how far this workshop is')
    .action(does(async options => (await import('./commands/list.ts')).list(io, options)));
  program
    .command('reset')
    .argument('[lab]')
    .description('undo one lab, or with --all remove the workshop and the cluster that it made')
    .option('--all', 'everything')
    .action(does(async (options, lab) => (await import('./commands/reset.ts')).reset(io, lab, options)));
  program
    .command('shell')
    .description('open a shell with the PATH and KUBECONFIG of the workshop')
    .action(does(async options => (await import('./commands/shell.ts')).shell(io, options)));
  program
    .command('lint')
    .argument('[dir]', 'a folder of labs (default: labs)')
    .description('check the labs themselves')
    .option('--report <dir>', 'write what is wrong there, as SARIF among others')
    .action(
      does(async (options, directory) => (await import('./commands/lint.ts')).lint(io, directory, options)),
    );

  const verify = program
    .command('verify')
    .description("the browser's verdict alone, on any cluster")
    .action(does(async options => (await import('./commands/verify.ts')).verify(io, options)));
  for (const {flags, help} of verifyFlags) verify.option(flags, help);
  program
    .command('probe')
    .argument('[expectations]', 'a file of expectations; `probe --example` prints one to begin with')
    .description('the gate of a canary: looks at what answers at an address, and changes nothing')
    .option('--url <url>', 'the page, e.g. http://localhost:8080/productpage')
    .option(
      '--expect <what>',
      'black | anonymous=red,jason=black,john=none | none=50%,red=50% | seen:black,red; several: all of them',
      gather,
    )
    .option('--loads <n>', 'loads of each visitor that must all be right (default: 10)')
    .option('--settle <time>', 'how long wrong answers count as "not yet" (default: 15s)')
    .option('--start-up <time>', 'how long no answer counts as "not yet" (default: 120s)')
    .option(
      '--namespace <name>',
      'with --context or --kubeconfig: where the pods are, which are a second witness (default: bookinfo)',
    )
    .option('--deadline <time>', 'when to end at the latest: 90s, 10m; what is left counts as not checked')
    .option('--evidence <dir>', 'write a picture of the page for each visitor there')
    .option('--report <dir>', 'write a report there: HTML, JUnit, JSON, Markdown, SARIF')
    .option('--events <target>', 'tell each change to a file or an address, as CloudEvents')
    .option('--example', 'print a file of expectations to begin with')
    .action(does(async (options, file) => (await import('./commands/probe.ts')).probe(io, file, options)));
  program
    .command('doctor')
    .description('look at what this machine has for an engine, and say how to get what is missing')
    .action(does(async options => (await import('./commands/doctor.ts')).doctor(io, options)));

  const cluster = program.command('cluster').description('the cluster of a workshop, whatever its engine');
  const clusterCommands = () => import('./commands/cluster.ts');
  cluster
    .command('up')
    .description('make it, start it, or find it running')
    .action(does(async options => (await clusterCommands()).clusterUp(io, options)));
  cluster
    .command('down')
    .description('remove the cluster that the workshop made, and nothing else')
    .action(does(async options => (await clusterCommands()).clusterDown(io, options)));

  const sandbox = program.command('sandbox').description('the built-in simulated cluster of a workshop');
  const sandboxCommands = () => import('./commands/sandbox.ts');
  sandbox
    .command('up')
    .description('start it, or find it running')
    .action(does(async options => (await sandboxCommands()).sandboxUp(io, options)));
  sandbox
    .command('down')
    .description('stop it; its state stays')
    .option('--delete', 'remove its state as well')
    .action(does(async options => (await sandboxCommands()).sandboxDown(io, options)));
  sandbox
    .command('status')
    .description('say whether it runs, since when and where')
    .action(does(async options => (await sandboxCommands()).sandboxStatus(io, options)));
  sandbox
    .command('env')
    .description('print the variables for your shell: eval "$(… sandbox env)"')
    .action(does(async options => (await sandboxCommands()).sandboxEnv(io, options)));

  program
    .command('completion')
    .argument('<shell>', 'bash, zsh or fish')
    .description('print the completion script of a shell, labs and workshops included')
    .action(does(async (_, shell) => (await import('./commands/completion.ts')).completion(io, shell)));
  program
    .command('complete', {hidden: true})
    .argument('[words...]')
    .action(
      does(async (_, words) => (await import('./commands/completion.ts')).complete(io, program, words)),
    );
  program
    .command('help')
    .argument('[command...]')
    .description('the help of a command, or of all')
    .action(does(async (_, words: string[]) => commandOf(program, words).help()));
  return program;
}

/** The command that these words name, such as `sandbox up`. @throws WorkshopError where there is none. */
function commandOf(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    const next = command.commands.find(each => each.name() === word);
    if (!next) throw unknownCommand(word, command);
    command = next;
  }
  return command;
}

const allCommands: Remedy = {say: 'The commands and options', command: '--help'};

function unknownCommand(word: string, program: Command): WorkshopError {
  const names = program
    .createHelp()
    .visibleCommands(program)
    .map(command => command.name());
  return new WorkshopError({
    code: 'unknown-command',
    message: `There is no command "${word}".`,
    remedies: [suggestion(word, names), allCommands],
    exitCode: exitCodes.usage,
  });
}

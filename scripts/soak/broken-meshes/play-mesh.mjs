/** Breaks a mesh, has the labs judge it, and says what of the judgement is not as it must be. */
import {cpSync, existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {$} from 'zx';
import {alteredProgram} from './altered-program.mjs';

/** Loads of each visitor in a proof: a leak of one in ten stays unseen by 150 once in seven million times. */
const loads = 50;

/** In the order in which they stand on each other. */
const labs = ['install-istio', 'deploy-bookinfo', 'route-to-v1', 'route-to-v2', 'route-jason', 'route-john'];

/**
 * Clusters on which the labs up to one have passed, made once and put back for each mesh that is broken.
 * @param given.folder of its own; @param given.build the built program
 */
export function createMeshes({root, build, folder, env = process.env, signal}) {
  const state = path.join(folder, 'state');
  const work = path.join(folder, 'work');
  const kept = new Set();
  const outside = {
    ...env,
    NO_COLOR: '1',
    HOME: folder,
    ISTIO_WORKSHOP_STATE: state,
    PLAYWRIGHT_BROWSERS_PATH:
      env.PLAYWRIGHT_BROWSERS_PATH ?? path.join(os.homedir(), '.cache', 'ms-playwright'),
    ISTIO_WORKSHOP_CACHE: env.ISTIO_WORKSHOP_CACHE ?? path.join(os.homedir(), '.cache', 'istio-workshop'),
  };
  const options = {cwd: folder, env: outside, quiet: true, nothrow: true, ...(signal ? {signal} : {})};
  const at =
    program =>
    (...args) =>
      $(options)`${process.execPath} ${path.join(program, 'main.mjs')} ${args} --work-folder ${work}`;

  /** The folder's state as after a lab has passed. */
  async function standAt(lab) {
    await at(build)('sandbox', 'down');
    const copy = path.join(folder, `after-${lab}`);
    for (const name of ['state', 'work']) rmSync(path.join(folder, name), {recursive: true, force: true});
    if (kept.has(lab)) {
      for (const name of ['state', 'work']) {
        if (existsSync(path.join(copy, name)))
          cpSync(path.join(copy, name), path.join(folder, name), {recursive: true});
      }
      return;
    }
    const made = await at(build)('run', lab, '--loads', '10');
    if (made.exitCode !== 0) throw new Error(`Nothing is broken, and yet: ${made.stdout}${made.stderr}`);
    await at(build)('sandbox', 'down');
    mkdirSync(copy, {recursive: true});
    for (const name of ['state', 'work']) {
      if (existsSync(path.join(folder, name)))
        cpSync(path.join(folder, name), path.join(copy, name), {recursive: true});
    }
    kept.add(lab);
  }

  /** Runs commands as a learner's own shell does, with the cluster's kubeconfig and the tools on PATH. */
  function shell(program, command) {
    const lead = `eval "$("$1" "$2" sandbox env --work-folder "$3")"`;
    const words = ['sh', process.execPath, path.join(program, 'main.mjs'), work];
    return $(options)`/bin/sh -e -c ${`${lead}\n${command}`} ${words}`;
  }

  /** The gateway's address on this machine, for as long as `use` takes. */
  async function throughGateway(program, use) {
    const forward = shell(
      program,
      'exec kubectl port-forward -n istio-ingress deploy/istio-ingressgateway :80',
    );
    try {
      for await (const line of forward) {
        const [, port] = /127\.0\.0\.1:(\d+)/.exec(line) ?? [];
        if (port) return await use(`http://127.0.0.1:${port}/productpage`);
      }
      throw new Error(`The gateway can't be reached: ${(await forward).stdall}`);
    } finally {
      await forward.kill('SIGTERM').catch(() => {});
    }
  }

  /** @returns the run or the check that judges, on a mesh that is as `broken` says */
  async function judged(broken) {
    const {changes = [], commands = [], expect} = broken;
    const isDone = commands.length > 0;
    await standAt(isDone ? labs.at(-1) : labs[labs.indexOf(broken.lab) - 1]);
    const program = changes.length > 0 ? await alteredProgram({root, build, folder, changes}) : build;
    const run = at(program);
    try {
      if (!isDone) return await run('run', broken.lab, '--loads', loads, '--json');
      await run('sandbox', 'up');
      for (const command of commands) {
        const done = await shell(program, command);
        if (done.exitCode !== 0) throw new Error(`${command}\n${done.stdout}${done.stderr}`);
      }
      if (!expect) return await run('check', broken.lab, '--loads', loads, '--json');
      const file = path.join(folder, 'expectations.yaml');
      writeFileSync(file, `settle: 5s\nexpect:\n${expect.map(each => `- ${each}\n`).join('')}`);
      return await throughGateway(
        program,
        url =>
          $(
            options,
          )`${process.execPath} ${path.join(program, 'main.mjs')} probe ${file} --url ${url} --loads ${loads} --json`,
      );
    } finally {
      await run('sandbox', 'down');
    }
  }

  return {
    /** @returns what is not as it must be, or nothing */
    async play(broken) {
      const {exitCode, stdout, stderr} = await judged(broken);
      const events = stdout
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line));
      const told = `exit code ${exitCode}\n${stderr.trimEnd().split('\n').slice(-12).join('\n')}`;
      if (exitCode !== (broken.exitCode ?? 1))
        return `It must end with ${broken.exitCode ?? 1}, and it ended with ${told}`;
      const {lab, result} = firstFailure(events);
      if (!result) return `No condition failed: ${told}`;
      const said = `${lab}: ${result.label}: ${result.seen}`;
      if (lab !== broken.lab || !broken.condition.test(result.label))
        return `It must fail in ${broken.lab}, ${broken.condition}, and what failed is ${said}`;
      const named = result.why?.[0]?.code;
      if (named !== broken.cause)
        return `Its cause must be ${broken.cause}, and what is named is ${named} (${said})`;
      return undefined;
    },
    /** The same way without what breaks it. @returns what failed, or nothing */
    async playWhole(broken) {
      const {exitCode, stdout, stderr} = await judged({...broken, changes: []});
      return exitCode === 0
        ? undefined
        : `Nothing is broken, and it ended with ${exitCode}:\n${stdout}${stderr}`;
    },
    /** All labs on a mesh that is not broken. @returns what failed, or nothing */
    async pass(...flags) {
      const {exitCode, stdout, stderr} = await at(build)('run', '--all', '--ci', ...flags);
      return exitCode === 0 ? undefined : `${stdout}${stderr}`;
    },
    async close() {
      await at(build)('sandbox', 'down', '--delete');
    },
  };
}

function firstFailure(events) {
  let lab;
  for (const event of events) {
    if (event.type === 'check-started') lab = event.lab;
    if (event.type === 'condition-finished' && event.result.verdict !== 'passed')
      return {lab, result: event.result};
  }
  return {};
}

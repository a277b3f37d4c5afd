import {readFileSync, writeFileSync} from 'node:fs';
import {gunzipSync, gzipSync} from 'node:zlib';
import type {Counted} from '../answers/answer.ts';
import type {CompareCase} from '../cases/case.ts';
import {envoyPackage, istioVersion, pilotVersion} from '../versions.ts';

/** A case with what the real thing answered to each of its requests. */
export interface RecordedCase {
  case: CompareCase;
  answers: readonly Counted[];
}

/** What the answers came from. */
export interface RecordedWith {
  istio: string;
  pilot: string;
  envoy: string;
  seed: number;
}

export interface Recording {
  recordedWith: RecordedWith;
  cases: readonly RecordedCase[];
}

/** One JSON document a line, the first of them about the recording; compressed, since cases repeat themselves. */
export function writeRecording(file: string, seed: number, cases: readonly RecordedCase[]): void {
  const recordedWith: RecordedWith = {
    istio: istioVersion,
    pilot: pilotVersion,
    envoy: envoyPackage.version,
    seed,
  };
  const lines = [recordedWith, ...cases].map(entry => JSON.stringify(entry));
  writeFileSync(file, gzipSync(`${lines.join('\n')}\n`, {level: 9}));
}

/** @throws when the file is not there, or is damaged. */
export function readRecording(file: string): Recording {
  const [first = '', ...lines] = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  return {recordedWith: JSON.parse(first), cases: lines.map(line => JSON.parse(line))};
}

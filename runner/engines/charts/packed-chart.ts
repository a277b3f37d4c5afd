import {gunzipSync} from 'node:zlib';
import {extract} from 'tar-stream';

/**
 * A file of a packed chart (`*.tgz`), such as `values.yaml`; those of subcharts lie deeper and are not meant.
 * @throws when it is no packed chart, or the file is not in it.
 */
export async function fileOfChart(packed: Buffer, name: string): Promise<string> {
  const reader = extract();
  reader.end(gunzipSync(packed));
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const [, ...rest] = entry.header.name.split('/');
    if (rest.join('/') === name) return Buffer.concat(chunks).toString('utf8');
  }
  throw new Error(`it has no ${name}`);
}

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {buffer} from 'node:stream/consumers';
import {gzipSync} from 'node:zlib';
import {pack} from 'tar-stream';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {imagesInArchive} from './archive-images.ts';
import {istioImages} from './istio-images.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'iw-images-'));
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

async function archive(name: string, files: Readonly<Record<string, unknown>>): Promise<string> {
  const writer = pack();
  for (const [entry, content] of Object.entries(files)) {
    writer.entry({name: entry}, typeof content === 'string' ? content : JSON.stringify(content));
  }
  writer.finalize();
  const bytes = await buffer(writer);
  const file = path.join(folder, name);
  writeFileSync(file, name.endsWith('gz') ? gzipSync(bytes) : bytes);
  return file;
}

describe('the images in an archive', () => {
  const layer = {'blobs/sha256/abc': 'x'.repeat(5000)};

  it("are read as Docker's own format names them, complete", async () => {
    const manifest = [
      {RepoTags: ['istio/pilot:1.27.1', 'registry.istio.io/release/pilot:1.30.3']},
      {RepoTags: null},
      {RepoTags: ['busybox']},
    ];
    for (const name of ['docker.tar', 'docker.tar.gz']) {
      const file = await archive(name, {...layer, 'manifest.json': manifest});
      expect(await imagesInArchive(file)).toEqual([
        'docker.io/istio/pilot:1.27.1',
        'docker.io/library/busybox:latest',
        'registry.istio.io/release/pilot:1.30.3',
      ]);
    }
  });

  it("are read as OCI's index names them", async () => {
    const named = (annotations: Record<string, string>) => ({annotations});
    const index = {
      manifests: [
        named({
          'io.containerd.image.name': 'docker.io/istio/proxyv2:1.27.1',
          'org.opencontainers.image.ref.name': '1.27.1',
        }),
        named({'org.opencontainers.image.ref.name': 'registry.istio.io/release/proxyv2:1.30.3'}),
        {},
      ],
    };
    const file = await archive('oci.tar', {...layer, 'index.json': index});
    expect(await imagesInArchive(file)).toEqual([
      'docker.io/istio/proxyv2:1.27.1',
      'registry.istio.io/release/proxyv2:1.30.3',
    ]);
  });

  it('are none in a file that is no such archive, and it says so', async () => {
    await expect(imagesInArchive(await archive('other.tar', layer))).rejects.toThrow('no archive of images');
    const cut = path.join(folder, 'cut.tar.gz');
    writeFileSync(cut, gzipSync(Buffer.alloc(4096)).subarray(0, 20));
    await expect(imagesInArchive(cut)).rejects.toThrow();
    await expect(imagesInArchive(path.join(folder, 'nowhere.tar'))).rejects.toThrow('ENOENT');
  });
});

describe("Istio's images", () => {
  it('are those of the published charts', async () => {
    expect(await istioImages('1.30.3')).toEqual([
      'registry.istio.io/release/pilot:1.30.3',
      'registry.istio.io/release/proxyv2:1.30.3',
    ]);
    expect(await istioImages('1.27.1')).toEqual([
      'docker.io/istio/pilot:1.27.1',
      'docker.io/istio/proxyv2:1.27.1',
    ]);
  });

  it('are those that the charts at hand name', async () => {
    const values = `_internal_defaults_do_not_set:
  hub: ""
  image: pilot
  global: {hub: mirror.example.org/istio, tag: 1.30.1, variant: distroless, proxy: {image: proxyv2}, proxy_init: {image: tools/init:7}}
`;
    await archive('istiod-1.30.1.tgz', {'istiod/charts/x/values.yaml': 'no', 'istiod/values.yaml': values});
    expect(await istioImages('1.30.3', folder)).toEqual([
      'mirror.example.org/istio/pilot:1.30.1-distroless',
      'mirror.example.org/istio/proxyv2:1.30.1-distroless',
      'tools/init:7',
    ]);
  });
});

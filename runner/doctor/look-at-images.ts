import {archiveOfImage} from '../engines/kind/archive-images.ts';
import {istioImages} from '../engines/kind/istio-images.ts';
import type {ClusterSettings} from '../engines/settings.ts';
import {messageOf} from '../errors.ts';
import {completeReference} from '../image-reference.ts';
import {istioVersion} from '../version.ts';
import type {Finding} from './finding.ts';

/**
 * Every image that the labs run, one line each, and whether the archives that were given hold it: what they lack would
 * be asked of a registry, in the middle of a lab. Nothing where no archives were given.
 * @param options.labImages what the labs' own manifests name.
 */
export async function lookAtImages(options: {
  settings: ClusterSettings;
  labImages: readonly string[];
}): Promise<readonly Finding[]> {
  const {settings, labImages} = options;
  if (!settings.images) return [];
  const charts = settings.charts && !/^https?:/.test(settings.charts) ? settings.charts : undefined;
  const ofIstio = await istioImages(istioVersion, charts).catch((error: unknown) => failed('charts', error));
  if ('status' in ofIstio) return [ofIstio];
  const held = await holders(settings.images);
  const found = [...ofIstio, ...labImages].map(image => findingOf(image, held.archives, settings));
  return [...held.problems, ...found];
}

function findingOf(image: string, archives: ReadonlyMap<string, string>, {hub}: ClusterSettings): Finding {
  const name = 'image';
  const holder = archives.get(completeReference(image) ?? image);
  if (holder) return {name, status: 'ok', found: `${image}, in ${holder}`};
  if (hub) return {name, status: 'warning', found: `${image}, in no archive: ${hub} is asked for it`};
  return {
    name,
    status: 'missing',
    found: `${image}, in no archive`,
    fix: `Where the internet is: docker pull ${image}, then docker save it into an archive for --images`,
  };
}

async function holders(
  given: string,
): Promise<{archives: ReadonlyMap<string, string>; problems: readonly Finding[]}> {
  const problems: Finding[] = [];
  const archives = await archiveOfImage(given, (file, error) => problems.push(failed(file, error))).catch(
    error => {
      problems.push(failed('images', error));
      return new Map<string, string>();
    },
  );
  return {archives, problems};
}

function failed(name: string, error: unknown): Finding {
  return {name, status: 'missing', found: messageOf(error), fix: 'Bring it again from where the internet is'};
}

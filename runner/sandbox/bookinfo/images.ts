import type {ContainerContext, ContainerProgram, KnownImage} from '../kubelet/image.ts';
import {type ProgramStart, programStarts} from '../pace.ts';
import {startDetails} from './details.ts';
import {startProductPage} from './productpage.ts';
import {type RatingsVariant, startRatings} from './ratings.ts';
import {type ReviewsVersion, startReviews} from './reviews.ts';
import {startCommand} from './simple-command.ts';

const megabyte = 1_000_000;

/** Every image that Bookinfo's manifests name and the sandbox can run, from any registry and at any tag. */
export function bookinfoImages(): readonly KnownImage[] {
  const ratings = (variant: RatingsVariant) =>
    image(`ratings-${variant}`, 82, context => startRatings(context, variant));
  const reviews = (version: ReviewsVersion) =>
    image(`reviews-${version}`, 265, context => startReviews(context, version), programStarts.java);
  return [
    image('productpage-v1', 61, startProductPage),
    image('productpage-v-flooding', 61, context =>
      startProductPage({...context, env: {FLOOD_FACTOR: '100', ...context.env}}),
    ),
    image('details-v1', 54, startDetails),
    image('details-v2', 54, context =>
      startDetails({...context, env: {ENABLE_EXTERNAL_BOOK_SERVICE: 'true', ...context.env}}),
    ),
    reviews('v1'),
    reviews('v2'),
    reviews('v3'),
    ratings('v1'),
    ratings('v-faulty'),
    ratings('v-delayed'),
    ratings('v-unavailable'),
    ratings('v-unhealthy'),
    curlImage,
  ];
}

/** What the image has beyond curl comes with its Alpine base. */
const curlPrograms = ['curl', 'wget', 'nslookup'];

/** Istio's `curl` (once `sleep`) sample and the usual way to send a request from inside a cluster. */
const curlImage: KnownImage = {
  name: 'curlimages/curl',
  matches: reference => repositoryOf(reference).endsWith('curlimages/curl'),
  sizeBytes: 22 * megabyte,
  programs: curlPrograms,
  start: context =>
    startCommand({
      context,
      programs: curlPrograms,
      entryPoint: undefined,
      // Its entry point takes a command, or the arguments of curl.
      prefix: ([first = '']) => (/^-|:\/\/|^$/.test(first) ? ['curl'] : []),
    }),
};

function image(
  name: string,
  megabytes: number,
  entryPoint: (context: ContainerContext) => Promise<ContainerProgram>,
  startUp: ProgramStart = programStarts.script,
): KnownImage {
  return {
    name: `examples-bookinfo-${name}`,
    matches: reference => repositoryOf(reference).endsWith(`examples-bookinfo-${name}`),
    sizeBytes: megabytes * megabyte,
    programs: programsOf(name),
    startUp,
    start: context => startCommand({context, programs: programsOf(name), entryPoint}),
  };
}

function programsOf(name: string): string[] {
  if (name.startsWith('productpage')) return ['bash', 'python', 'gunicorn'];
  // The one Bookinfo image with curl; Istio's pages use it to send a request from inside the mesh.
  return name.startsWith('ratings') ? ['bash', 'curl', 'node'] : ['bash'];
}

/** `registry:5000/team/name:tag@sha256:…` without its tag and digest. */
function repositoryOf(reference: string): string {
  return reference.replace(/@.*$/s, '').replace(/:[^:/]*$/, '');
}

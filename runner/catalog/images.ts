import {parseAllDocuments} from 'yaml';
import type {Lab} from './lab.ts';

/** Every image that the labs' own manifests and files name, sorted; `auto` stands for the proxy's and is none. */
export function imagesIn(labs: readonly Lab[]): readonly string[] {
  const images = new Set<string>();
  for (const lab of labs) {
    const files = lab.steps.flatMap(step => step.blocks).filter(block => block.kind === 'file');
    for (const {name, content} of [...lab.manifests, ...files]) {
      if (!/\.ya?ml$/.test(name)) continue;
      for (const document of parseAllDocuments(content)) collect(document.toJS(), images);
    }
  }
  images.delete('auto');
  return [...images].sort();
}

/** A container stands in a list, beside its name: whatever kind of workload the list belongs to. */
function collect(value: unknown, images: Set<string>): void {
  if (Array.isArray(value)) {
    for (const entry of value) {
      if (typeof entry?.name === 'string' && typeof entry.image === 'string') images.add(entry.image);
      collect(entry, images);
    }
  } else if (value && typeof value === 'object') {
    for (const inner of Object.values(value)) collect(inner, images);
  }
}

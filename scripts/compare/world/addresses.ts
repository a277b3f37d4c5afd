/**
 * Every address of the world is written in one block of loopback, `127.1.x.y`. A rig that runs takes a block that is
 * free, so that several can run beside each other, and translates what goes out and what comes back.
 */
const written = '127.1.';

/** A host outside of the mesh, as ServiceEntries and passed-through requests reach it. */
export const outside = `${written}99.1`;

/** More addresses for ServiceEntries: another host, and one that stands for a ServiceEntry itself. */
export const outsideToo = `${written}99.2`;
export const entryAddress = `${written}98.1`;

export const addressIn = {
  caller: (number: number) => `${written}0.${number}`,
  pod: (number: number) => `${written}44.${number}`,
  service: (number: number) => `${written}96.${number}`,
  gatewayService: `${written}97.1`,
  istiod: `${written}97.2`,
};

/** Not 127.0: that is where the programs' own ports are. */
const pattern = /\b127\.[1-9]\d*\.(\d+\.\d+)\b/g;

/** The same value with all of its addresses in that block. */
export function inBlock<T>(value: T, block: number): T {
  return JSON.parse(JSON.stringify(value).replaceAll(pattern, `127.${block}.$1`)) as T;
}

/** The same text with all of its addresses as they are written. */
export function asWritten(text: string): string {
  return text.replaceAll(pattern, `${written}$1`);
}

import {randomBytes} from 'node:crypto';
import type {Random} from '../clock.ts';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const longestBase = 58;

/** `generateName` with five characters that can't spell a word, as the API server appends them. */
export function generatedName(base: string, random: Random): string {
  let name = base.slice(0, longestBase);
  for (let i = 0; i < 5; i += 1) name += alphabet[Math.floor(random() * alphabet.length)];
  return name;
}

/** A random (version 4) UUID. */
export function uuid(random: Random): string {
  const bytes = Array.from({length: 16}, () => Math.floor(random() * 256));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.map(byte => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** An unguessable string for tokens; never from the seeded generator. */
export function secretToken(): string {
  return randomBytes(32).toString('base64url');
}

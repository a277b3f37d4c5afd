import {promisify} from 'node:util';
import {redactText} from '../redact.ts';

/** A Playwright trace without secrets: it holds every header and cookie, and the pages themselves. */
export async function redactTrace(archive: Uint8Array): Promise<Uint8Array> {
  const {unzip, zip} = await import('fflate');
  const entries = await promisify(unzip)(archive);
  const clean = Object.fromEntries(
    Object.entries(entries).map(([name, bytes]) => [name, redactBytes(bytes)]),
  );
  return promisify<typeof clean, Uint8Array>(zip)(clean);
}

/** Pictures and fonts stay as they are; whatever reads as text is taken for one. */
function redactBytes(bytes: Uint8Array): Uint8Array {
  let text: string;
  try {
    text = new TextDecoder('utf-8', {fatal: true}).decode(bytes);
  } catch {
    return bytes;
  }
  const clean = redactText(text);
  return clean === text ? bytes : new TextEncoder().encode(clean);
}

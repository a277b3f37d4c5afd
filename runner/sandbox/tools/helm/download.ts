import {get as httpGet} from 'node:http';
import {get as httpsGet} from 'node:https';

/** Fetches a file. @throws Error in helm's words. */
export function download(url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      const {hostname, port, host} = new URL(url);
      const address = port === '' ? host : `${hostname}:${port}`;
      const why =
        error.code === 'ECONNREFUSED'
          ? `dial tcp ${address}: connect: connection refused`
          : error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN'
            ? `dial tcp: lookup ${hostname}: no such host`
            : error.message;
      reject(new Error(`Get "${url}": ${why}`));
    };
    const get = url.startsWith('https:') ? httpsGet : httpGet;
    get(url, {headers: {'User-Agent': 'Helm/3 (istio-workshop built-in)'}}, response => {
      const code = response.statusCode ?? 0;
      if (code >= 300 && code < 400 && response.headers.location) {
        response.resume();
        download(new URL(response.headers.location, url).href).then(resolve, reject);
        return;
      }
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        if (code === 200) resolve(Buffer.concat(chunks));
        else reject(new Error(`failed to fetch ${url} : ${code} ${response.statusMessage}`));
      });
    }).on('error', fail);
  });
}

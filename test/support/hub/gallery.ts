/** A page of controls alone, built and served as the hub's own page is: the same styles, the same policy. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ensureBuilt } from '../../../scripts/build.ts';
import { bundles } from '../../../scripts/bundles.ts';
import { hostName, targetNamed } from '../../../scripts/packaging/target.ts';
import { distFolder } from '../../../scripts/paths.ts';
import { strictPackages } from '../../../scripts/strictPackages.ts';
import { hubPolicy } from '../../../server/transports/api/hub/policy.ts';
import { tempFolder } from '../temp.ts';

export interface Gallery extends AsyncDisposable {
  readonly url: string;
}

export async function serveGallery(entry: string): Promise<Gallery> {
  const folder = tempFolder('gallery');
  await makePage(folder.path, entry);
  const server = createServer(async ({ url = '', headers }, response) => {
    const name = url === '/' ? 'index.html' : url.slice(1);
    const type = { html: 'text/html', js: 'text/javascript', css: 'text/css' }[name.split('.').at(-1) ?? ''];
    const file = await readFile(join(folder.path, name)).catch(() => undefined);
    response.writeHead(file === undefined ? 404 : 200, {
      'content-type': type ?? 'application/octet-stream',
      'content-security-policy': hubPolicy(headers.host ?? '', 'none'),
    });
    response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      folder[Symbol.dispose]();
    },
  };
}

const page = `<!doctype html><html lang="en"><head><title>Gallery</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="./assets/hub.css"><script type="module" src="./assets/main.js"></script></head>
<body><div id="hub"></div></body></html>`;

async function makePage(folder: string, entry: string): Promise<void> {
  await ensureBuilt();
  const options = { target: targetNamed(hostName), outdir: folder, production: true };
  const hub = bundles(options).find(({ name }) => name === 'hub');
  await build({
    ...hub?.options,
    outdir: join(folder, 'assets'),
    entryPoints: { main: entry },
    entryNames: '[name]',
    plugins: [strictPackages],
  });
  const assets = join(distFolder, 'hub', 'assets');
  const styles = (await readdir(assets)).find((name) => /^hub-.*\.css$/.test(name)) ?? '';
  mkdirSync(join(folder, 'assets'), { recursive: true });
  await copyFile(join(assets, styles), join(folder, 'assets', 'hub.css'));
  writeFileSync(join(folder, 'index.html'), page);
}

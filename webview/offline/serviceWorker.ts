import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';

/*
 * Keeps the files of the hub, and nothing of anybody: they are the same for all. What the person sees in them is in the page's own
 * database.
 */

/** What of a service worker is used here; the rest of the hub runs in a page. */
declare const self: { skipWaiting(): Promise<void>; readonly registration: { readonly scope: string } };
/** The files of the build, with what their content is known by; written there by `scripts/hub.ts`. */
declare const FILES: { url: string; revision: string | null }[];

void self.skipWaiting();
clientsClaim();
cleanupOutdatedCaches();

// The page itself comes from the server where there is one, so that it is always of the server's version.
registerRoute(
  ({ request, url }) => request.mode === 'navigate' && url.href.replace(/[?#].*/, '') === self.registration.scope,
  async ({ request }) => {
    try {
      return await fetch(request);
    } catch {
      return (await matchPrecache('./')) ?? Response.error();
    }
  },
);
precacheAndRoute(FILES);

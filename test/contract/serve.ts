import { type HttpCarrier, type HttpOptions, serveHttp } from '../../server/transports/http.ts';

/** `await using` ends it, also when the test fails. */
export async function serve(options: HttpOptions): Promise<HttpCarrier & AsyncDisposable> {
  const carrier = await serveHttp(options);
  return { ...carrier, [Symbol.asyncDispose]: carrier.dispose };
}

/** Downloads `model.gguf` from an address into a folder, and prints what came of it. */
import { createEgress } from '../../../../server/egress/egress.ts';
import { createLog } from '../../../../server/log.ts';
import { download } from '../../../../server/models/download/download.ts';

const [address = '', into = ''] = process.argv.slice(2);
const url = new URL(address);
const egress = createEgress({ audit() {}, log: createLog(() => {}), now: Date.now, record: () => () => {} });
const result = await egress.during({ purpose: 'test', hosts: [url.host] }, (fetch) =>
  download({ url, into, name: 'model.gguf', fetch, limits: { reserveBytes: 0 } }),
);
process.stdout.write(JSON.stringify(result));

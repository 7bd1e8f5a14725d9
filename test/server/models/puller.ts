/** Pulls a model until it is killed: run by `pulls.test.ts` as `puller.ts ROOT SOURCE`. */
import { modelFolder } from '../../../server/models/modelFolder.ts';
import { openModelStore } from './modelStore.ts';

const [, , root = '', source = ''] = process.argv;
const { pulls } = await openModelStore(modelFolder({ root }));
pulls.start({ source, version: 'latest', hosts: [], plainHttp: false });
// The connection keeps it alive.

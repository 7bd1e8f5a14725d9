import type { Carrier, RequestOptions } from '../../protocol/client.ts';
import { OspainError } from '../../protocol/errors.ts';
import { isMethod, methods, type Notification } from '../../protocol/methods.ts';
import { answers } from './answers.ts';
import type { Unsent } from './database.ts';
import type { Keeper } from './keeper.ts';
import type { Outbox } from './outbox.ts';
import type { Snapshot } from './snapshot.ts';
import { writeOf } from './writes.ts';

export interface OfflineCarrierDeps {
  readonly line: Carrier;
  /** Whether the server cannot be asked now, and another try will be made. */
  readonly isAway: () => boolean;
  readonly snapshot: Snapshot;
  readonly outbox: Outbox;
  readonly keeper: Pick<Keeper, 'heard'>;
  readonly newId: () => string;
  readonly now: () => number;
  /** Told of what could not be kept, such as on a full disk: what was asked is answered all the same. */
  readonly onTrouble: (thrown: unknown) => void;
}

/** The line, and what is kept of it: while the server is away, it is answered for, and what is written goes to the outbox. */
export function createOfflineCarrier(deps: OfflineCarrierDeps): Carrier & { resend(): Promise<void> } {
  const { line, isAway, snapshot, outbox, keeper, newId, now, onTrouble } = deps;
  const listeners = new Set<(notification: Notification) => void>();

  const resend = () =>
    outbox
      .send(({ method, params }: Unsent) => line.request(method, params))
      .catch((thrown: unknown) => {
        onTrouble(thrown);
      });

  const answer = async (method: string, params: unknown): Promise<unknown> => {
    if (!isMethod(method)) return undefined;
    const parsed = methods[method].params.parse(params ?? {});
    // A method and its params go together by the table.
    const known = Object.hasOwn(answers, method) ? answers[method as keyof typeof answers] : undefined;
    return known === undefined
      ? snapshot.answer(method, params)
      : (known as (snapshot: Snapshot, params: unknown) => unknown)(snapshot, parsed);
  };

  const write = async (method: string, params: unknown): Promise<unknown> => {
    const kind = writeOf(method);
    if (kind === undefined || !isMethod(method)) return undefined;
    const { result, notification } = await kind.guess(snapshot, params, now());
    const about = kind.about(params);
    const waiting = (await outbox.list()).findLast((unsent) => unsent.about === about && unsent.problem === null);
    const merged = waiting?.method === method ? kind.merge?.(waiting.params, params) : undefined;
    const whole = (merged ?? params) as Unsent['params'];
    await outbox.add({ method, params: whole, about }, merged === undefined ? undefined : waiting);
    for (const listener of [...listeners]) listener(notification);
    return result;
  };

  return {
    resend,
    async request(method: string, asked: unknown, options?: RequestOptions) {
      const kind = writeOf(method);
      const read = kind && isMethod(method) ? methods[method].params.safeParse(asked ?? {}) : undefined;
      // What is not understood is refused by the server, in its own words.
      const params = kind && read?.success ? kind.withIds(read.data, newId) : asked;
      // What was written before comes before.
      if (kind !== undefined && !isAway()) await resend();
      try {
        const result = await line.request(method, params, options);
        void keeper.heard(method, params, result).catch(onTrouble);
        return result;
      } catch (thrown) {
        if (OspainError.from(thrown).code !== 'unavailable' || !isAway()) throw thrown;
        const kept = kind === undefined ? await answer(method, params) : await write(method, params);
        if (kept === undefined) throw thrown;
        return kept;
      }
    },
    onNotification(listener) {
      listeners.add(listener);
      const stop = line.onNotification(listener);
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
    close: () => line.close(),
  };
}

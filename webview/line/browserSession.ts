import { HubSession, PROOF_HEADER, readEntryFragment } from '../../protocol/hub.ts';

/** What a page remembers from one visit to the next; only pages of the same host and port read it. */
type Memory = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface BrowserSessionDeps {
  /** The page's own address. */
  readonly location: Pick<Location, 'hash' | 'href'>;
  readonly memory: Memory;
  readonly fetch: typeof globalThis.fetch;
  /** Takes the fragment out of the address, so that no history and no bookmark keeps it. */
  forgetFragment(): void;
  /** Another workspace is served than the one whose page this was. */
  onOtherWorkspace(): void;
}

/** How a browser is let in: by a cookie, which no script reads, and a proof, which only this page has. */
export interface BrowserSession {
  /** The workspace that was served last; undefined before the first. */
  readonly workspace: string | undefined;
  /** The proof of the workspace that is served; empty where there is none. */
  readonly proof: string;
  /** Asks whose hub it is, and whether this browser is let in. Rejects when nobody answers. */
  look(): Promise<HubSession>;
  /** Calls back with each answer to that, and at once with the last one. */
  onLook(listener: (seen: HubSession) => void): void;
  /** Ends it here, and on the server: rejects when that cannot be told. */
  leave(): Promise<void>;
}

const WORKSPACE = 'ospain2.workspace';
const proofKey = (workspace: string): string => `ospain2.proof.${workspace}`;

export function createBrowserSession(deps: BrowserSessionDeps): BrowserSession {
  const { location, memory, fetch, forgetFragment, onOtherWorkspace } = deps;
  const entered = readEntryFragment(location.hash);
  if (entered !== undefined) {
    memory.setItem(WORKSPACE, entered.workspace);
    memory.setItem(proofKey(entered.workspace), entered.proof);
    forgetFragment();
  }
  let workspace = memory.getItem(WORKSPACE) ?? undefined;
  const proof = () => (workspace === undefined ? '' : (memory.getItem(proofKey(workspace)) ?? ''));
  const ask = async (path: string, method: 'GET' | 'POST') => {
    const answer = await fetch(new URL(path, location.href), {
      method,
      cache: 'no-store',
      headers: { [PROOF_HEADER]: proof() },
    });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return answer;
  };
  const listeners = new Set<(seen: HubSession) => void>();
  let last: HubSession | undefined;
  const look = async (): Promise<HubSession> => HubSession.parse(await (await ask('session', 'GET')).json());
  const tell = (seen: HubSession) => {
    last = seen;
    for (const listener of [...listeners]) listener(seen);
    return seen;
  };

  return {
    get workspace() {
      return workspace;
    },
    get proof() {
      return proof();
    },
    async look() {
      const seen = await look();
      if (seen.workspace === workspace) return tell(seen);
      const before = workspace;
      workspace = seen.workspace;
      memory.setItem(WORKSPACE, workspace);
      if (before !== undefined) onOtherWorkspace();
      // It has a proof of its own.
      return tell(await look());
    },
    onLook(listener) {
      listeners.add(listener);
      if (last !== undefined) listener(last);
    },
    async leave() {
      try {
        await ask('leave', 'POST');
      } finally {
        // Without it the cookie opens nothing, whatever the server knows.
        if (workspace !== undefined) memory.removeItem(proofKey(workspace));
      }
    },
  };
}

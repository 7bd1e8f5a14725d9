import type { HubArgument, HubCommand } from '../../protocol/hubPanel.ts';
import type { BrowserSession } from '../line/browserSession.ts';
import type { OpenPipe } from '../line/pipe.ts';

/** Where the hub runs, and what it can do there. */
export interface Home {
  readonly kind: 'vscode' | 'browser';
  readonly openPipe: OpenPipe;
  /** How a browser is let in; undefined in VS Code, which is. */
  readonly session: BrowserSession | undefined;
  /** Where the person is in the hub: like `tasks/42`, empty at the start; it survives a reload. */
  readonly place: string;
  keepPlace(place: string): void;
  /** Calls back when the person goes somewhere by the browser's own means, such as its back button. */
  onPlace(listener: (place: string) => void): void;
  /** Runs a command of the editor; undefined where there is no editor. */
  readonly run: ((command: HubCommand, ...args: HubArgument[]) => void) | undefined;
  /** Opens an address that the person clicked, outside of the hub. */
  openOutside(address: string): void;
}

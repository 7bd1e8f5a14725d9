import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { t } from '../../protocol/words.ts';
import type { Connection } from '../connection.ts';
import { hubHtml } from './hubHtml.ts';
import { createHubRelay } from './hubRelay.ts';

const TYPE = 'ospain2.hub';

/** The hub as an editor: one of a window. VS Code brings it back with the window, and its place in the hub with it. */
export class HubPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #connection: Connection;
  readonly #folder: vscode.Uri;
  readonly #icon: vscode.Uri;
  readonly #registration: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;

  constructor({ extensionUri }: Pick<vscode.ExtensionContext, 'extensionUri'>, connection: Connection) {
    this.#connection = connection;
    this.#folder = vscode.Uri.joinPath(extensionUri, 'dist', 'hub');
    this.#icon = vscode.Uri.joinPath(extensionUri, 'media', 'icons', 'activity.svg');
    this.#registration = vscode.window.registerWebviewPanelSerializer(TYPE, this);
  }

  async show(): Promise<void> {
    if (this.#panel !== undefined) return this.#panel.reveal();
    const panel = vscode.window.createWebviewPanel(TYPE, t('Hub'), vscode.ViewColumn.Active, {});
    await this.#fill(panel);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    // There is one already: a person was quicker than VS Code.
    if (this.#panel !== undefined) return panel.dispose();
    await this.#fill(panel);
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#registration.dispose();
  }

  async #fill(panel: vscode.WebviewPanel): Promise<void> {
    this.#panel = panel;
    const { webview } = panel;
    const relay = createHubRelay({
      connection: this.#connection,
      post: (frame) => void webview.postMessage(frame),
      run: (command, args) => void vscode.commands.executeCommand(command, ...args),
      open: (address) => void vscode.env.openExternal(vscode.Uri.parse(address, true)),
    });
    const heard = webview.onDidReceiveMessage((message) => relay.hear(message));
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
      heard.dispose();
      relay.dispose();
    });
    // What is hidden is unloaded, and asks anew for what it missed when it is shown.
    webview.options = { enableScripts: true, localResourceRoots: [this.#folder] };
    panel.iconPath = this.#icon;
    const page = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#folder, 'index.html'));
    webview.html = hubHtml(new TextDecoder().decode(page), {
      base: webview.asWebviewUri(this.#folder).toString(),
      source: webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      language: vscode.env.language,
    });
  }
}

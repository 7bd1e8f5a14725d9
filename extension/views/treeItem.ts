import * as vscode from 'vscode';

/** How a row of a tree looks, before VS Code's own classes. The state is in words too, never in colour alone. */
export interface Look {
  readonly label: string;
  readonly description: string;
  readonly icon: { readonly id: string; readonly color?: string };
  /** Markdown. */
  readonly tooltip: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** What menus match. */
  readonly contextValue: string;
}

export function applyLook(item: vscode.TreeItem, look: Look): void {
  item.label = look.label;
  item.description = look.description;
  item.tooltip = new vscode.MarkdownString(look.tooltip);
  item.contextValue = look.contextValue;
  item.accessibilityInformation = { label: look.spoken };
  const { id, color } = look.icon;
  item.iconPath = new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
}

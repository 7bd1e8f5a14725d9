export interface HubHtmlOptions {
  /** Address of the folder with the page's files, as the webview may load them. */
  readonly base: string;
  /** VS Code's own word for where these come from. */
  readonly source: string;
  /** Of this page alone; letters, digits, `-` and `_`. */
  readonly nonce: string;
  /** Such as `de`. */
  readonly language: string;
}

/** The hub's page for a webview: with addresses that it can load, and with a policy that lets nothing else in. */
export function hubHtml(page: string, { base, source, nonce, language }: HubHtmlOptions): string {
  const policy = [
    "default-src 'none'",
    // What a script with the nonce imports has it too.
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `img-src ${source} data:`,
    `font-src ${source}`,
  ].join('; ');
  return page
    .replace('<html lang="en">', `<html lang="${language.replace(/[^\w-]/g, '')}">`)
    .replace('<head>', `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`)
    .replaceAll('"./', `"${base}/`)
    .replace('<script ', `<script nonce="${nonce}" `);
}

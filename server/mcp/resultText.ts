import { isObject } from './objects.ts';

/** What a tool of a server answered, as a model reads it: text; of what is no text that it was there. */
export function resultText(result: Readonly<Record<string, unknown>>): string {
  const blocks = Array.isArray(result['content']) ? result['content'] : [];
  const lines = blocks.filter(isObject).map(blockText);
  if (lines.length > 0) return lines.join('\n');
  return result['structuredContent'] === undefined ? '' : JSON.stringify(result['structuredContent']);
}

function blockText(block: Readonly<Record<string, unknown>>): string {
  const { type, text, mimeType, data, resource, uri, name } = block;
  if (type === 'text') return said(text);
  if (type === 'image' || type === 'audio') return `[${type}, ${said(mimeType)}, ${said(data).length} characters]`;
  if (type === 'resource_link') return `[${said(name)} ${said(uri)}]`;
  if (type === 'resource' && isObject(resource))
    return typeof resource['text'] === 'string' ? resource['text'] : `[${said(resource['uri'])}]`;
  return `[${said(type)}]`;
}

/** What should be text: an object may say by itself that it cannot be made one. */
const said = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

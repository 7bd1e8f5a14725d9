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
  if (type === 'text') return String(text ?? '');
  if (type === 'image' || type === 'audio')
    return `[${type}, ${String(mimeType)}, ${String(data ?? '').length} characters]`;
  if (type === 'resource_link') return `[${String(name ?? '')} ${String(uri ?? '')}]`;
  if (type === 'resource' && isObject(resource))
    return typeof resource['text'] === 'string' ? resource['text'] : `[${String(resource['uri'] ?? '')}]`;
  return `[${String(type)}]`;
}

import type { McpProblem } from '../../../protocol/mcp.ts';
import { capital } from '../../../protocol/quantities.ts';
import { Icon } from '../../ui/Icon.tsx';
import { t } from '../../words.ts';

/** What is written down and cannot be used. */
export function McpProblems({ problems }: { readonly problems: readonly McpProblem[] }) {
  return (
    <ul aria-label={t('What cannot be used')} className="m-0 list-none border-edge border-b bg-side p-0 px-4 py-2">
      {problems.map(({ file, name, why }) => (
        <li key={`${file} ${name} ${why}`} className="flex items-start gap-2">
          <Icon name="warning" className="mt-0.5 text-warning" />
          <span className="min-w-0 break-words">
            {name === null ? '' : `${name}: `}
            {capital(why)}. <span className="break-all text-muted">{file}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

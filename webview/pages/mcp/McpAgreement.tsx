import { useState } from 'react';
import type { McpServer } from '../../../protocol/mcp.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { t } from '../../words.ts';

interface McpAgreementProps {
  readonly server: McpServer;
  readonly isBusy: boolean;
  readonly onAgree: (believed: boolean) => void;
}

/** What a person agrees to: letter for letter what is run, and what it may do then. */
export function McpAgreement({ server, isBusy, onAgree }: McpAgreementProps) {
  const [believed, setBelieved] = useState(false);
  return (
    <div className="flex max-w-3xl flex-col gap-2 rounded border border-edge bg-raised p-3">
      <p className="font-semibold">{t('Let agents use the MCP server {0}?', server.name)}</p>
      <pre className="whitespace-pre-wrap break-all rounded bg-code p-2 font-mono text-small">{server.runs}</pre>
      <p>
        {server.remote
          ? t('It is on another machine: what agents ask it leaves this one.')
          : t('It runs as you do: it can read, change and send whatever you can.')}
      </p>
      <Checkbox checked={believed} onChange={setBelieved}>
        {t('Believe which of its tools only read, and do not ask about those')}
      </Checkbox>
      <div>
        <Button look="primary" disabled={isBusy} onPress={() => onAgree(believed)}>
          {t('Agree to exactly this')}
        </Button>
      </div>
    </div>
  );
}

/** Every control and shared component of the hub on one page, for the test beside it: nothing here asks a server. */
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '../../../protocol/client.ts';
import { Dialog } from '../../../webview/components/Dialog.tsx';
import { EmptyState } from '../../../webview/components/EmptyState.tsx';
import { Markdown } from '../../../webview/components/Markdown.tsx';
import { Moving } from '../../../webview/components/Moving.tsx';
import { PageHeader } from '../../../webview/components/PageHeader.tsx';
import { Problem } from '../../../webview/components/Problem.tsx';
import { Toasts } from '../../../webview/components/Toasts.tsx';
import { VirtualList } from '../../../webview/components/VirtualList.tsx';
import { browserHome } from '../../../webview/home/browserHome.ts';
import { createLine } from '../../../webview/line/line.ts';
import { type Hub, HubContext } from '../../../webview/stores/hub.ts';
import { createPlaceStore } from '../../../webview/stores/place.ts';
import { createTasksStore } from '../../../webview/stores/tasks.ts';
import { createToastsStore } from '../../../webview/stores/toasts.ts';
import { Badge } from '../../../webview/ui/Badge.tsx';
import { Button } from '../../../webview/ui/Button.tsx';
import { Checkbox } from '../../../webview/ui/Checkbox.tsx';
import { Dropdown } from '../../../webview/ui/Dropdown.tsx';
import { IconButton } from '../../../webview/ui/IconButton.tsx';
import { Link } from '../../../webview/ui/Link.tsx';
import { Spinner } from '../../../webview/ui/Spinner.tsx';
import { Tabs } from '../../../webview/ui/Tabs.tsx';
import { TextArea } from '../../../webview/ui/TextArea.tsx';
import { TextField } from '../../../webview/ui/TextField.tsx';

const home = browserHome();
const line = createLine({ open: () => ({ send() {}, close() {} }), delay: () => () => {}, random: () => 0 });
const client = createClient(line);
const toasts = createToastsStore(() => {});
const place = createPlaceStore({ first: '', keep: () => {}, onPlace: () => {} });
const tasks = createTasksStore({ client, soon: () => {} });
// Of what pages need, what is shown here asks for no more.
const hub = { home, line, client, place, tasks, toasts } as Partial<Hub> as Hub;

const markdown = `# A heading
A paragraph with \`code\`, **weight**, [a link](https://example.org/), [a bad one](javascript:document.title='ran'), <b onclick="x">HTML</b>
<script>document.title = 'ran'</script>
![a picture](https://example.org/a.png)

- [x] done
- [ ] open

> said by somebody

| a | b |
| - | - |
| 1 | 2 |

\`\`\`ts
const limit = 5;
\`\`\`
`;

type Horizon = 'now' | 'next';

function Gallery() {
  const [text, setText] = useState('');
  const [long, setLong] = useState('');
  const [checked, setChecked] = useState(false);
  const [horizon, setHorizon] = useState<Horizon>('now');
  const [tab, setTab] = useState<'one' | 'two'>('one');
  const [pressed, setPressed] = useState(0);
  const [isAsking, setAsking] = useState(false);
  return (
    <main className="flex h-full flex-col overflow-y-auto">
      <PageHeader title="Gallery" detail="what pages share" actions={<Button onPress={() => {}}>Act</Button>} />
      <p data-testid="state">{JSON.stringify({ text, long, checked, horizon, tab, pressed })}</p>
      <div className="flex flex-wrap items-center gap-2 p-4">
        <Button look="primary" onPress={() => setPressed(pressed + 1)}>
          Press
        </Button>
        <Button disabled onPress={() => setPressed(100)}>
          Disabled
        </Button>
        <IconButton icon="edit" label="Edit" onPress={() => setPressed(pressed + 1)} />
        <IconButton icon="filter" label="Filter" pressed={checked} onPress={() => setChecked(!checked)} />
        <Link onPress={() => setAsking(true)}>Ask</Link>
        <Link onPress={() => toasts.say('It is done.', { title: 'Undo', run: () => setPressed(0) })}>Say</Link>
        <Link onPress={() => toasts.fail(new Error('no'))}>Fail</Link>
        <Badge>12</Badge>
        <Spinner label="Loading" />
        <Checkbox checked={checked} onChange={setChecked}>
          Remember
        </Checkbox>
      </div>
      <div className="grid max-w-lg gap-3 p-4">
        <TextField
          label="Name"
          value={text}
          onChange={setText}
          placeholder="Type here"
          error={text === '!' ? 'No.' : undefined}
        />
        <TextField label="Search" hideLabel value={text} onChange={setText} onEnter={() => setPressed(pressed + 1)} />
        <TextArea label="Text" value={long} onChange={setLong} rows={3} />
        <Dropdown
          label="Horizon"
          value={horizon}
          options={[
            { value: 'now', text: 'Now' },
            { value: 'next', text: 'Next' },
          ]}
          onChange={setHorizon}
        />
      </div>
      <Problem error={new Error('no')} actions={<Button onPress={() => {}}>Try again</Button>} />
      <EmptyState icon="notes" title="Nothing yet" actions={<Button onPress={() => {}}>Begin</Button>}>
        This is what it is for.
      </EmptyState>
      <div className="flex shrink-0 flex-col" style={{ height: 160 }}>
        <Tabs
          label="Views"
          current={tab}
          onChange={setTab}
          tabs={[
            { name: 'one', title: 'One', count: 3 },
            { name: 'two', title: 'Two' },
          ]}
        >
          <p>{`This is ${tab}.`}</p>
        </Tabs>
      </div>
      <div className="flex shrink-0 flex-col" style={{ height: 160 }}>
        <VirtualList
          label="Rows"
          count={100_000}
          rowHeight={20}
          keyOf={String}
          row={(index, focus) => (
            <button type="button" {...focus} className="h-5 w-full text-left" onClick={() => setPressed(index)}>
              Row {index}
            </button>
          )}
        />
      </div>
      <div className="p-4">
        <Markdown text={markdown} />
      </div>
      <Toasts />
      {isAsking ? (
        <Dialog
          title="A question"
          onClose={() => setAsking(false)}
          actions={<Button onPress={() => setAsking(false)}>Enough</Button>}
        >
          <TextField label="Answer" value={text} onChange={setText} />
        </Dialog>
      ) : null}
    </main>
  );
}

const root = document.getElementById('hub');
if (root !== null)
  createRoot(root).render(
    <HubContext value={hub}>
      <Moving>
        <Gallery />
      </Moving>
    </HubContext>,
  );

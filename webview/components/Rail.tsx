import { useHub } from '../stores/hub.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { t } from '../words.ts';
import { SignOut } from './SignOut.tsx';

export interface RailPage {
  readonly name: string;
  readonly title: () => string;
  readonly icon: IconName;
}

/** The way between pages: names beside the icons where there is room. */
export function Rail({ pages, current }: { readonly pages: readonly RailPage[]; readonly current: string }) {
  return (
    <nav
      aria-label={t('Pages')}
      className="flex w-11 shrink-0 flex-col gap-0.5 overflow-y-auto border-edge border-r bg-side py-2 roomy:w-44 roomy:px-2"
    >
      {pages.map((page) => (
        <RailLink key={page.name} page={page} isCurrent={page.name === current} />
      ))}
      <SignOut />
    </nav>
  );
}

function RailLink({ page, isCurrent }: { readonly page: RailPage; readonly isCurrent: boolean }) {
  const { place } = useHub();
  return (
    <a
      href={`#/${page.name}`}
      title={page.title()}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={(event) => {
        event.preventDefault();
        place.go(page.name);
      }}
      className="flex h-9 items-center justify-center gap-2.5 text-muted outline-offset-[-2px] hover:text-ink aria-[current]:text-ink roomy:h-7 roomy:justify-start roomy:rounded roomy:px-2 roomy:hover:bg-hover roomy:aria-[current]:bg-chosen roomy:aria-[current]:text-chosen-ink border-l-2 border-transparent aria-[current]:border-focus roomy:border-l-0 hc:roomy:aria-[current]:outline hc:roomy:aria-[current]:outline-focus"
    >
      <Icon name={page.icon} className="size-5 roomy:size-4" />
      <span className="sr-only roomy:not-sr-only">{page.title()}</span>
    </a>
  );
}

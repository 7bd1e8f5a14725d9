import type { ComponentType } from 'react';
import type { IconName } from '../ui/Icon.tsx';
import { t } from '../words.ts';

export interface PageProps {
  /** What of the page is shown: `daily/today.md` at the place `notes/daily/today.md`; empty for the page as a whole. */
  readonly rest: string;
}

export interface Page {
  /** The folder here, and the first part of its places. */
  readonly name: string;
  readonly title: () => string;
  readonly icon: IconName;
  /** Its component is the module's default export; a chunk of its own, loaded when it is first shown. */
  readonly load: () => Promise<{ default: ComponentType<PageProps> }>;
}

/** Every page, as the rail shows them from top to bottom. A new one is a folder here and a line in this table. */
export const pages: readonly Page[] = [
  { name: 'plan', title: () => t('Plan'), icon: 'plan', load: () => import('./plan/PlanPage.tsx') },
  { name: 'notes', title: () => t('Notes'), icon: 'notes', load: () => import('./notes/NotesPage.tsx') },
  { name: 'tasks', title: () => t('Tasks'), icon: 'tasks', load: () => import('./tasks/TasksPage.tsx') },
  { name: 'models', title: () => t('Models'), icon: 'models', load: () => import('./models/ModelsPage.tsx') },
  {
    name: 'schedules',
    title: () => t('Schedules'),
    icon: 'schedules',
    load: () => import('./schedules/SchedulesPage.tsx'),
  },
  { name: 'mcp', title: () => t('MCP servers'), icon: 'mcp', load: () => import('./mcp/McpPage.tsx') },
  { name: 'privacy', title: () => t('Privacy'), icon: 'privacy', load: () => import('./privacy/PrivacyPage.tsx') },
  { name: 'settings', title: () => t('Settings'), icon: 'settings', load: () => import('./settings/SettingsPage.tsx') },
];

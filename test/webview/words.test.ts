import { equal } from 'node:assert/strict';
import { it } from 'node:test';
import { bundleFor, loadWords, t } from '../../webview/words.ts';

it('fills in what a text leaves open', () => equal(t('{0} tasks', 7), '7 tasks'));

it('knows which words serve a language', () => {
  equal(bundleFor('de-CH'), 'de');
  equal(bundleFor('DE'), 'de');
  equal(bundleFor('zh-cn'), 'zh-cn');
  equal(bundleFor('zh_TW'), 'zh-cn');
  equal(bundleFor('en-GB'), undefined);
  equal(bundleFor(''), undefined);
});

it('stays with English where there is no bundle', async () => {
  await loadWords('fr');
  equal(t('Tasks'), 'Tasks');
});

it('says which language its words are of', async () => {
  equal(await loadWords('de-AT'), 'de');
  equal(await loadWords('zh-CN'), 'zh-cn');
  equal(await loadWords('fr'), 'en');
});

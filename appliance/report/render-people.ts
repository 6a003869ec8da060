import { clock, counted } from './amounts.ts';
import { cell, clip, columnWidth, displayWidth } from './columns.ts';
import { heading, remark } from './layout.ts';
import type { Layout } from './page.ts';
import type { Account, ContactLine, PeopleLog } from './people-log.ts';
import { mark, paintAction, verdictWords } from './verdict-text.ts';

export function renderAccounts(log: PeopleLog, most: number, layout: Layout): string[] {
  const accounts = log.accounts;
  const total = accounts.length + log.accountsLeftOut;
  if (total === 0) return [];
  const lines = heading('ACCOUNTS', counted(total, 'account'), layout);
  const shown = accounts.slice(0, most);
  const serviceWidth = columnWidth(
    shown.map((account) => account.service),
    12,
  );
  const nameWidth = columnWidth(
    shown.map((account) => account.account),
    Math.floor(layout.width * 0.35),
  );
  for (const account of shown) lines.push(renderAccount(account, serviceWidth, nameWidth, layout));
  if (shown.length < total) {
    lines.push(remark(`… and ${counted(total - shown.length, 'more account')}`, layout));
  }
  return lines;
}

function renderAccount(
  account: Account,
  serviceWidth: number,
  nameWidth: number,
  { width, paint }: Layout,
): string {
  const facts: string[] = [];
  if (account.logins > 0) facts.push(counted(account.logins, 'sign-in'));
  if (account.failures > 0) {
    const why = account.lastFailure === undefined ? '' : ` (${account.lastFailure})`;
    facts.push(`${account.failures} refused${why}`);
  }
  if (account.logouts > 0) facts.push(counted(account.logouts, 'sign-out'));
  if (account.contacts > 0) facts.push(counted(account.contacts, 'contact'));
  if (account.address !== undefined) facts.push(`from ${account.address}`);
  const words = verdictWords(account.verdict);
  if (words !== '') facts.push(words);
  const space = width - 12 - serviceWidth - 2 - nameWidth - 2;
  const head = `   ${paint.dim(clock(account.firstTime))} ${paint.cyan(cell(account.service, serviceWidth))}`;
  return `${head}  ${paint.bold(cell(account.account, nameWidth))}  ${clip(facts.join(', '), space)}`;
}

export function renderContacts(log: PeopleLog, most: number, layout: Layout): string[] {
  const all = log.contactLines;
  const total = all.length + log.contactLinesLeftOut;
  if (total === 0) return [];
  const lines = heading(
    'CONTACTS',
    counted(total, 'change or request', 'changes and requests'),
    layout,
  );
  const notable = all.filter((line) => line.verdict?.action !== 'pass');
  const plain = all.filter((line) => line.verdict?.action === 'pass');
  const shown = [...notable, ...plain].slice(0, most).sort((a, b) => a.time - b.time);
  for (const line of shown) lines.push(renderContact(line, layout));
  if (shown.length < total) lines.push(remark(`… and ${total - shown.length} more`, layout));
  return lines;
}

function renderContact(line: ContactLine, { width, paint }: Layout): string {
  const words = clip(verdictWords(line.verdict), Math.floor(width * 0.45));
  const often = line.times === 1 ? '' : ` (${line.times} times)`;
  const what = `${line.account} ${line.what} ${line.contact}${often}`;
  const space = width - 14 - 13 - (words === '' ? 0 : displayWidth(words) + 2);
  const head = `   ${mark(line.verdict, paint)} ${paint.dim(clock(line.time))} ${paint.cyan(cell(line.service, 11))}  `;
  if (words === '' || line.verdict === undefined) return `${head}${clip(what, space)}`;
  return `${head}${cell(what, space)}  ${paintAction(line.verdict.action, paint)(words)}`;
}

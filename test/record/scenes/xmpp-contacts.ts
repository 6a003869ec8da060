/** Contact list traffic: Anna adds Ben and he agrees; Dana asks and is turned down. */
import { breathe } from '../stage.ts';
import type { Cast } from './cast.ts';

export async function xmppContacts({ stage, anna, ben, dana }: Cast): Promise<void> {
  const { truth } = stage;
  const item = `<item jid='${ben.bare}' name='Ben Okafor'><group>Colleagues</group></item>`;
  await anna.request('set', undefined, `<query xmlns='jabber:iq:roster'>${item}</query>`);
  truth.add({ kind: 'contact.add', origin: 'client', contact: ben.bare });
  await anna.send(
    `<presence type='subscribe' to='${ben.bare}'><status>It is Anna</status></presence>`,
  );
  await ben.wait('type="subscribe"');
  truth.add({ kind: 'contact.request', origin: 'client', contact: ben.bare });
  await ben.send(`<presence type='subscribed' to='${anna.bare}'/>`);
  await anna.wait('type="subscribed"');
  truth.add({ kind: 'contact.approve', origin: 'server', from: ben.bare });
  await ben.send(`<presence type='subscribe' to='${anna.bare}'/>`);
  await anna.wait('type="subscribe"', ben.bare);
  truth.add({ kind: 'contact.request', origin: 'server', from: ben.bare });
  await anna.send(`<presence type='subscribed' to='${ben.bare}'/>`);
  await ben.wait('type="subscribed"');
  truth.add({ kind: 'contact.approve', origin: 'client', contact: ben.bare });
  await breathe();

  await dana.send(`<presence type='subscribe' to='${anna.bare}'/>`);
  await anna.wait('type="subscribe"', dana.bare);
  truth.add({ kind: 'contact.request', origin: 'server', from: dana.bare });
  await anna.send(`<presence type='unsubscribed' to='${dana.bare}'/>`);
  await dana.wait('type="unsubscribed"');
  truth.add({ kind: 'contact.deny', origin: 'client', contact: dana.bare });
  await breathe();
}

/** irc-framework: sign in, say, and wait for lines from the server. */
import { Client } from 'irc-framework';
import {
  type Arguments,
  type Commands,
  Inbox,
  number,
  optionalText,
  text,
  texts,
} from './commands.ts';

interface Session {
  readonly client: Client;
  readonly inbox: Inbox;
}

export function ircCommands(): Commands {
  const sessions = new Map<string, Session>();
  const find = (args: Arguments): Session => {
    const found = sessions.get(text(args, 'name'));
    if (found === undefined) throw new Error(`no session ${text(args, 'name')}`);
    return found;
  };
  const tell = (act: (client: Client, args: Arguments) => void) => async (args: Arguments) =>
    act(find(args).client, args);
  return {
    /** name, host, port, nick, username, realName */
    'irc.connect': async (args) => {
      const client = new Client({
        host: text(args, 'host'),
        port: number(args, 'port'),
        nick: text(args, 'nick'),
        username: text(args, 'username'),
        gecos: text(args, 'realName'),
        auto_reconnect: false,
        ping_interval: 600,
        ping_timeout: 1200,
      });
      const inbox = new Inbox();
      sessions.set(text(args, 'name'), { client, inbox });
      client.on('raw', ({ line, from_server }) => {
        if (from_server) inbox.add(line.trimEnd());
      });
      client.on('socket close', () => inbox.add('closed'));
      client.connect();
      await inbox.take([' 376 ']); // end of the message of the day: signed in
    },
    'irc.say': tell((client, args) => client.say(text(args, 'to'), text(args, 'text'))),
    'irc.notice': tell((client, args) => client.notice(text(args, 'to'), text(args, 'text'))),
    'irc.action': tell((client, args) => client.action(text(args, 'to'), text(args, 'text'))),
    'irc.ctcp': tell((client, args) =>
      client.ctcpRequest(text(args, 'to'), text(args, 'type'), ...texts(args, 'parts')),
    ),
    'irc.ctcpAnswer': tell((client, args) =>
      client.ctcpResponse(text(args, 'to'), text(args, 'type'), ...texts(args, 'parts')),
    ),
    'irc.join': tell((client, args) => client.join(text(args, 'room'))),
    'irc.part': tell((client, args) => client.part(text(args, 'room'), optionalText(args, 'text'))),
    'irc.topic': tell((client, args) => client.setTopic(text(args, 'room'), text(args, 'text'))),
    'irc.nick': tell((client, args) => client.changeNick(text(args, 'nick'))),
    'irc.invite': tell((client, args) => client.invite(text(args, 'room'), text(args, 'nick'))),
    /** A line as its parts, the last one quoted with ':' where it must be. */
    'irc.raw': tell((client, args) => client.raw(...texts(args, 'parts'))),
    'irc.wait': (args) => find(args).inbox.take(texts(args, 'with')),
    /** True or false, at once. A closed connection arrives as `closed`. */
    'irc.arrived': async (args) => find(args).inbox.holds(texts(args, 'with')),
    'irc.quit': async (args) => {
      const { client, inbox } = find(args);
      client.quit(optionalText(args, 'text'));
      await inbox.take(['closed']);
    },
  };
}

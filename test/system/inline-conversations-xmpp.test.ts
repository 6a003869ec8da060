import { conversations } from './lab/conversations-suite.ts';

conversations('XMPP');

import { evasion } from './lab/evasion-suite.ts';

evasion('XMPP');

import { conversations } from './lab/conversations-suite.ts';

conversations('IRC');

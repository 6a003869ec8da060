/** Values of rows as the contract has them: numbers for all integers and sums, 0 or 1 for conditions. */
import pg from 'pg';
import { fromStoredText } from './stored-text.ts';

// pg_type.dat
const BOOL = 16;
const NAME = 19;
const INT8 = 20;
const TEXT = 25;
const VARCHAR = 1043;
const NUMERIC = 1700; // sum() of BIGINT

type Parse = (value: string) => unknown;

const OURS = new Map<number, Parse>([
  [BOOL, (value) => (value === 't' ? 1 : 0)],
  [NAME, fromStoredText],
  [INT8, Number],
  [TEXT, fromStoredText],
  [VARCHAR, fromStoredText],
  [NUMERIC, Number],
]);

export const ROW_TYPES: pg.CustomTypesConfig = {
  getTypeParser: (type: number, format?: 'text' | 'binary') =>
    (format !== 'binary' ? OURS.get(type) : undefined) ?? pg.types.getTypeParser(type, format),
};

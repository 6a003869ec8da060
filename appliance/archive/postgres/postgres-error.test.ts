import { expect, test } from 'vitest';
import { postgresError } from './postgres-error.ts';

test.each([
  'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
  'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string',
])('a password that is missing is asked for: %s', (message) => {
  expect(postgresError(new Error(message), 'postgres://u@host/record', true)).toMatchObject({
    message: 'postgres://u@host/record: PostgreSQL asks for a password, and none was given',
    advice: expect.stringContaining('PGPASSFILE'),
    retry: false,
  });
});

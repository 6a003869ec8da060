import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,parsers,rules,appliance,bench,test}/**/*.test.ts'],
    testTimeout: 30_000,
  },
});

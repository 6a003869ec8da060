// Loaded before the program (NODE_OPTIONS): a machine on which koffi cannot be loaded.
const Module = require('node:module');
const load = Module._load;
Module._load = function (name, ...more) {
  if (name === 'koffi') throw new Error('koffi is not built for this machine');
  return load.call(this, name, ...more);
};

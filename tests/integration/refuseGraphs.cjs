// Preloaded into a worker (`node --require`): the addon refuses every graph, as a library that lacks an op would.
const { _extensions: extensions } = require('node:module');
const load = extensions['.node'];
extensions['.node'] = (module, file) => {
  load(module, file);
  if (!module.exports.addFunction) return;
  module.exports.addFunction = () => {
    throw new Error('No OpKernel was registered.');
  };
};

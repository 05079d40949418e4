// The package's addon with four functions more.
//
// readTensor(id, into) copies a float32 tensor into memory that is there already. tensorDataSync, its only way out, makes a
// new ArrayBuffer for every read: four passes over the values instead of one (zeros, copy, copy to where they are wanted,
// search for garbage), and megabytes a phase that V8 marks the heap for.
//
// addFunction, runFunction and removeFunction: a graph as a function of the eager context. The package runs graphs in
// sessions, which have variables of their own and are fed through the host; a function reads and changes the context's
// variables where they are, on a GPU too.
#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <node_api.h>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"

// The tensors by id, which the class keeps to itself.
#define private public
#include "tfjs_backend.h"
#undef private

// Its last line would register the addon without our function: ours does that.
#undef NAPI_MODULE
#define NAPI_MODULE(name, init)
#include "tfjs_binding.cc"
#undef NAPI_MODULE
#define NAPI_MODULE(modname, regfunc) NAPI_MODULE_INIT() { return regfunc(env, exports); }

#include "tf_auto_status.h"
#include "tf_auto_tensor.h"
#include "tfe_auto_op.h"

namespace {

using tfnodejs::TFJSBackend;

using tfnodejs::TF_AutoStatus;

napi_value Throw(napi_env env, const std::string &what) {
  napi_throw_error(env, nullptr, what.c_str());
  return nullptr;
}

bool Failed(const TF_AutoStatus &status) { return TF_GetCode(status.status) != TF_OK; }

TFJSBackend *BackendOf(napi_env env) {
  void *instance = nullptr;
  return napi_get_instance_data(env, &instance) == napi_ok ? static_cast<TFJSBackend *>(instance) : nullptr;
}

// Whether there are as many arguments, at least.
template <size_t N>
bool Arguments(napi_env env, napi_callback_info info, napi_value (&args)[N]) {
  size_t argc = N;
  return napi_get_cb_info(env, info, &argc, args, nullptr, nullptr) == napi_ok && argc >= N;
}

bool TextOf(napi_env env, napi_value value, std::string &text) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return false;
  text.resize(length);
  return napi_get_value_string_utf8(env, value, &text[0], length + 1, &length) == napi_ok;
}

bool ArrayOf(napi_env env, napi_value value, napi_typedarray_type wanted, void *&data, size_t &length) {
  napi_typedarray_type type;
  return napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr) == napi_ok && type == wanted;
}

// Calls take(element) for each element of an array, until one is refused.
template <typename Take>
bool EachOf(napi_env env, napi_value array, Take take) {
  uint32_t length = 0;
  if (napi_get_array_length(env, array, &length) != napi_ok) return false;
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element;
    if (napi_get_element(env, array, i, &element) != napi_ok || !take(element)) return false;
  }
  return true;
}

// The graph's nodes by their names.
bool NodesOf(napi_env env, napi_value names, TF_Graph *graph, std::vector<TF_Operation *> &nodes) {
  return EachOf(env, names, [&](napi_value element) {
    std::string name;
    if (!TextOf(env, element, name)) return false;
    nodes.push_back(TF_GraphOperationByName(graph, name.c_str()));
    return nodes.back() != nullptr;
  });
}

std::vector<TF_Output> FirstOutputs(const std::vector<TF_Operation *> &nodes) {
  std::vector<TF_Output> outputs;
  for (TF_Operation *node : nodes) outputs.push_back({node, 0});
  return outputs;
}

template <typename T>
using Owned = std::unique_ptr<T, void (*)(T *)>;

// addFunction(name, graphDef, given, results, changes): placeholders, nodes whose first output is given back, and nodes that
// are run for what they do.
napi_value AddFunction(napi_env env, napi_callback_info info) {
  napi_value args[5];
  std::string name;
  void *bytes = nullptr;
  size_t length = 0;
  TFJSBackend *backend = BackendOf(env);
  if (backend == nullptr || !Arguments(env, info, args) || !TextOf(env, args[0], name) ||
      !ArrayOf(env, args[1], napi_uint8_array, bytes, length)) {
    return Throw(env, "addFunction: takes a name, a GraphDef's bytes, and the names of three kinds of nodes");
  }
  TF_AutoStatus status;
  const Owned<TF_Graph> graph(TF_NewGraph(), TF_DeleteGraph);
  const Owned<TF_Buffer> buffer(TF_NewBufferFromString(bytes, length), TF_DeleteBuffer);
  const Owned<TF_ImportGraphDefOptions> options(TF_NewImportGraphDefOptions(), TF_DeleteImportGraphDefOptions);
  TF_GraphImportGraphDef(graph.get(), buffer.get(), options.get(), status.status);
  if (Failed(status)) return Throw(env, TF_Message(status.status));

  std::vector<TF_Operation *> given, results, changes;
  if (!NodesOf(env, args[2], graph.get(), given) || !NodesOf(env, args[3], graph.get(), results) ||
      !NodesOf(env, args[4], graph.get(), changes)) {
    return Throw(env, "addFunction: the graph has no node of a name that is given");
  }
  const std::vector<TF_Output> inputs = FirstOutputs(given), outputs = FirstOutputs(results);
  const Owned<TF_Function> function(
      TF_GraphToFunctionWithControlOutputs(graph.get(), name.c_str(), 0, -1, nullptr, inputs.size(), inputs.data(),
                                           outputs.size(), outputs.data(), nullptr, changes.size(), changes.data(),
                                           nullptr, nullptr, nullptr, status.status),
      TF_DeleteFunction);
  if (Failed(status)) return Throw(env, TF_Message(status.status));
  TFE_ContextAddFunction(backend->tfe_context_, function.get(), status.status);
  return Failed(status) ? Throw(env, TF_Message(status.status)) : nullptr;
}

// runFunction(name, options, inputIds, outputCount): the outputs, as executeOp gives them. options: a ConfigProto's bytes.
napi_value RunFunction(napi_env env, napi_callback_info info) {
  napi_value args[4];
  std::string name;
  void *options = nullptr;
  size_t length = 0;
  int32_t count = 0;
  TFJSBackend *backend = BackendOf(env);
  if (backend == nullptr || !Arguments(env, info, args) || !TextOf(env, args[0], name) ||
      !ArrayOf(env, args[1], napi_uint8_array, options, length) || napi_get_value_int32(env, args[3], &count) != napi_ok || count < 0) {
    return Throw(env, "runFunction: takes a name, a ConfigProto's bytes, tensors' ids and how many outputs there are");
  }
  TF_AutoStatus status;
  tfnodejs::TFE_AutoOp op(TFE_NewOp(backend->tfe_context_, name.c_str(), status.status));
  if (Failed(status)) return Throw(env, TF_Message(status.status));
  TFE_OpSetAttrString(op.op, "config_proto", options, length);
  const bool added = EachOf(env, args[2], [&](napi_value element) {
    int32_t id = 0;
    if (napi_get_value_int32(env, element, &id) != napi_ok) return false;
    const auto found = backend->tfe_handle_map_.find(id);
    if (found == backend->tfe_handle_map_.end()) return false;
    TFE_OpAddInput(op.op, found->second, status.status);
    return !Failed(status);
  });
  if (Failed(status)) return Throw(env, TF_Message(status.status));
  if (!added) return Throw(env, "runFunction: an input is no tensor that is there");

  std::vector<TFE_TensorHandle *> handles(count, nullptr);
  TFE_Execute(op.op, handles.data(), &count, status.status);
  if (Failed(status)) return Throw(env, TF_Message(status.status));
  napi_value outputs;
  if (napi_create_array_with_length(env, count, &outputs) != napi_ok) return nullptr;
  for (int32_t i = 0; i < count; ++i) {
    if (napi_set_element(env, outputs, i, backend->GenerateOutputTensorInfo(env, handles[i])) != napi_ok) return nullptr;
  }
  return outputs;
}

napi_value RemoveFunction(napi_env env, napi_callback_info info) {
  napi_value args[1];
  std::string name;
  TFJSBackend *backend = BackendOf(env);
  if (backend == nullptr || !Arguments(env, info, args) || !TextOf(env, args[0], name)) {
    return Throw(env, "removeFunction: takes a name");
  }
  TF_AutoStatus status;
  TFE_ContextRemoveFunction(backend->tfe_context_, name.c_str(), status.status);
  return Failed(status) ? Throw(env, TF_Message(status.status)) : nullptr;
}

napi_value ReadTensor(napi_env env, napi_callback_info info) {
  napi_value args[2];
  int32_t id = 0;
  size_t length = 0;
  void *into = nullptr;
  const TFJSBackend *backend = BackendOf(env);
  if (backend == nullptr || !Arguments(env, info, args) || napi_get_value_int32(env, args[0], &id) != napi_ok ||
      !ArrayOf(env, args[1], napi_float32_array, into, length)) {
    return Throw(env, "readTensor: takes a tensor's id and a Float32Array");
  }
  const auto found = backend->tfe_handle_map_.find(id);
  if (found == backend->tfe_handle_map_.end()) return Throw(env, "readTensor: there is no tensor " + std::to_string(id));
  // On the CPU the tensor's own memory; from a GPU a copy on the host.
  TF_AutoStatus status;
  tfnodejs::TF_AutoTensor tensor(TFE_TensorHandleResolve(found->second, status.status));
  if (Failed(status)) return Throw(env, TF_Message(status.status));
  const size_t bytes = TF_TensorByteSize(tensor.tensor);
  if (TF_TensorType(tensor.tensor) != TF_FLOAT || bytes != length * sizeof(float)) {
    return Throw(env, "readTensor: a tensor of " + std::to_string(bytes) + " bytes is not " + std::to_string(length) +
                          " float32 values");
  }
  if (bytes > 0) std::memcpy(into, TF_TensorData(tensor.tensor), bytes);
  return nullptr;
}

napi_value Init(napi_env env, napi_value exports) {
  exports = tfnodejs::InitTFNodeJSBinding(env, exports);
  if (exports == nullptr) return nullptr;
  const std::pair<const char *, napi_callback> ours[] = {{"addFunction", AddFunction},
                                                         {"runFunction", RunFunction},
                                                         {"removeFunction", RemoveFunction},
                                                         {"readTensor", ReadTensor}};
  for (const auto &[name, callback] : ours) {
    napi_value function;
    if (napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function) != napi_ok ||
        napi_set_named_property(env, exports, name, function) != napi_ok) {
      return nullptr;
    }
  }
  return exports;
}

}  // namespace

NAPI_MODULE(tfe_binding, Init)

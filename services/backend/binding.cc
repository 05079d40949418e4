// The package's addon with one function more: readTensor(id, into) copies a float32 tensor into memory that is there
// already. tensorDataSync, its only way out, makes a new ArrayBuffer for every read: four passes over the values instead of
// one (zeros, copy, copy to where they are wanted, search for garbage), and megabytes a phase that V8 marks the heap for.
#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

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

namespace {

using tfnodejs::TFJSBackend;

napi_value Refuse(napi_env env, const std::string &why) {
  napi_throw_error(env, nullptr, ("readTensor: " + why).c_str());
  return nullptr;
}

napi_value ReadTensor(napi_env env, napi_callback_info info) {
  size_t argc = 2;
  napi_value args[2];
  int32_t id = 0;
  napi_typedarray_type type;
  size_t length = 0;
  void *into = nullptr;
  void *instance = nullptr;
  if (napi_get_cb_info(env, info, &argc, args, nullptr, nullptr) != napi_ok || argc < 2 ||
      napi_get_value_int32(env, args[0], &id) != napi_ok ||
      napi_get_typedarray_info(env, args[1], &type, &length, &into, nullptr, nullptr) != napi_ok ||
      type != napi_float32_array || napi_get_instance_data(env, &instance) != napi_ok) {
    return Refuse(env, "takes a tensor's id and a Float32Array");
  }
  const auto &handles = static_cast<TFJSBackend *>(instance)->tfe_handle_map_;
  const auto found = handles.find(id);
  if (found == handles.end()) return Refuse(env, "there is no tensor " + std::to_string(id));
  // On the CPU the tensor's own memory; from a GPU a copy on the host.
  tfnodejs::TF_AutoStatus status;
  tfnodejs::TF_AutoTensor tensor(TFE_TensorHandleResolve(found->second, status.status));
  if (TF_GetCode(status.status) != TF_OK) return Refuse(env, TF_Message(status.status));
  const size_t bytes = TF_TensorByteSize(tensor.tensor);
  if (TF_TensorType(tensor.tensor) != TF_FLOAT || bytes != length * sizeof(float)) {
    return Refuse(env, "a tensor of " + std::to_string(bytes) + " bytes is not " + std::to_string(length) + " float32 values");
  }
  if (bytes > 0) std::memcpy(into, TF_TensorData(tensor.tensor), bytes);
  return nullptr;
}

napi_value Init(napi_env env, napi_value exports) {
  exports = tfnodejs::InitTFNodeJSBinding(env, exports);
  napi_value read;
  if (exports == nullptr ||
      napi_create_function(env, "readTensor", NAPI_AUTO_LENGTH, ReadTensor, nullptr, &read) != napi_ok ||
      napi_set_named_property(env, exports, "readTensor", read) != napi_ok) {
    return nullptr;
  }
  return exports;
}

}  // namespace

NAPI_MODULE(tfe_binding, Init)

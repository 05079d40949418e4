// A tiny N-API addon: mute() points this process's stderr at /dev/null, unmute() puts it back.
// libtensorflow prints a line or two while it is loaded ("oneDNN custom operations are on") whatever
// TF_CPP_MIN_LOG_LEVEL says, straight to file descriptor 2, out of JavaScript's reach. Only the `require` runs muted.
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

#include <mutex>

namespace {

// Every thread of the process shares fd 2, so two threads that load at once must share one saved copy as well.
std::mutex guard;
int depth = 0;
int saved = -1;

napi_value Mute(napi_env, napi_callback_info) {
  std::lock_guard<std::mutex> lock(guard);
  if (depth++ > 0) return nullptr;
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return nullptr;
  saved = fcntl(2, F_DUPFD_CLOEXEC, 3);
  if (saved >= 0) dup2(nowhere, 2);
  close(nowhere);
  return nullptr;
}

napi_value Unmute(napi_env, napi_callback_info) {
  std::lock_guard<std::mutex> lock(guard);
  if (depth == 0 || --depth > 0 || saved < 0) return nullptr;
  dup2(saved, 2);
  close(saved);
  saved = -1;
  return nullptr;
}

napi_value Init(napi_env env, napi_value exports) {
  napi_value mute, unmute;
  napi_create_function(env, "mute", NAPI_AUTO_LENGTH, Mute, nullptr, &mute);
  napi_create_function(env, "unmute", NAPI_AUTO_LENGTH, Unmute, nullptr, &unmute);
  napi_set_named_property(env, exports, "mute", mute);
  napi_set_named_property(env, exports, "unmute", unmute);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)

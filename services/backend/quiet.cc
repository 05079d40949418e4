// A tiny N-API addon: mute() keeps what this process writes to stderr in memory, unmute() puts stderr back and returns
// what was kept. libtensorflow prints a line or two while it is loaded ("oneDNN custom operations are on") whatever
// TF_CPP_MIN_LOG_LEVEL says, straight to file descriptor 2, out of JavaScript's reach. Only the `require` runs muted;
// kept and not thrown away, because the other threads of the process may log meanwhile.
#include <node_api.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <fcntl.h>

#include <algorithm>
#include <mutex>
#include <string>

namespace {

// A load of some seconds prints a few lines: more than this is nobody's log.
constexpr off_t kKeptBytesMax = 1 << 20;

// Every thread of the process shares fd 2, so two threads that load at once must share one saved copy as well.
std::mutex guard;
int depth = 0;
int saved = -1;
int kept = -1;

napi_value Mute(napi_env, napi_callback_info) {
  std::lock_guard<std::mutex> lock(guard);
  if (depth++ > 0) return nullptr;
  kept = memfd_create("stderr", MFD_CLOEXEC);
  saved = kept < 0 ? -1 : fcntl(2, F_DUPFD_CLOEXEC, 3);
  if (saved >= 0) dup2(kept, 2);
  return nullptr;
}

std::string Kept() {
  struct stat facts;
  if (fstat(kept, &facts) != 0) return "";
  std::string text(std::min(facts.st_size, kKeptBytesMax), '\0');
  const ssize_t size = pread(kept, text.data(), text.size(), 0);
  text.resize(size < 0 ? 0 : size);
  return text;
}

napi_value Unmute(napi_env env, napi_callback_info) {
  std::lock_guard<std::mutex> lock(guard);
  std::string text;
  if (depth > 0 && --depth == 0) {
    if (saved >= 0) {
      dup2(saved, 2);
      close(saved);
      text = Kept();
    }
    if (kept >= 0) close(kept);
    saved = kept = -1;
  }
  napi_value result;
  napi_create_string_utf8(env, text.data(), text.size(), &result);
  return result;
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

#include "vault/net/curl_library.h"

#include <dlfcn.h>

#include <optional>
#include <string>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::net {
namespace {

std::string WhyNot() {
  const char* const why = ::dlerror();
  return why == nullptr ? "" : Printable(why);
}

template <typename Function>
bool Find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

Result<CurlLibrary> Load() {
  const auto fail = [] {
    return Fail(ErrorCode::kIo,
                Format("libcurl cannot be loaded, and nothing is asked over HTTP without it: {}", WhyNot()),
                "install it: apt install libcurl4");
  };
  // By its name alone: the system's folders, as for any library that is linked. It is never unloaded.
  void* const library = ::dlopen(EXHIBIT_LIBCURL, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return fail();
  CurlLibrary curl{};
  decltype(&::curl_global_init) global_init = nullptr;
  const bool has_all =
      Find(library, "curl_global_init", global_init) && Find(library, "curl_easy_init", curl.easy_init) &&
      Find(library, "curl_easy_reset", curl.easy_reset) && Find(library, "curl_easy_cleanup", curl.easy_cleanup) &&
      Find(library, "curl_easy_setopt", curl.easy_setopt) && Find(library, "curl_easy_perform", curl.easy_perform) &&
      Find(library, "curl_easy_getinfo", curl.easy_getinfo) &&
      Find(library, "curl_easy_strerror", curl.easy_strerror) &&
      Find(library, "curl_slist_append", curl.slist_append) &&
      Find(library, "curl_slist_free_all", curl.slist_free_all);
  if (!has_all) return fail();
  if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return Fail(ErrorCode::kIo, "libcurl could not be started");
  return curl;
}

}  // namespace

Result<const CurlLibrary*> CurlLibrary::Get() {
  static const Result<CurlLibrary> loaded = Load();
  if (!loaded) return Fail(loaded.error());
  return &*loaded;
}

}  // namespace exhibit::net

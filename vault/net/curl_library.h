// libcurl, loaded when somebody asks over HTTP and not before.
//
// It brings thirty libraries with it (Kerberos, LDAP, SSH, two of TLS). To link them took 5 of the 12 ms of processor with
// which every command began, and most commands never ask anybody. A machine without libcurl can do all of those.
#pragma once

#include <curl/curl.h>

#include "vault/base/error.h"

namespace exhibit::net {

// The functions of libcurl, each of the type that its header declares.
struct CurlLibrary {
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_reset) easy_reset;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;

  // The library of which this program was built with the headers; it stays loaded. kIo naming what is missing.
  static Result<const CurlLibrary*> Get();
};

}  // namespace exhibit::net

// Which versions of the libraries of this folder the program runs with.
#pragma once

#include <string>

namespace exhibit::crypto {

// "OpenSSL 3.0.15 3 Sep 2024, libsodium 1.0.18"
std::string LibraryVersions();

}  // namespace exhibit::crypto

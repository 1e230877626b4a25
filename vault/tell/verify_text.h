// VERIFY.txt: how to check its bundle with stock tools. It is a shell script whose explanations are
// comments, so that it can be read, typed line by line, or run; a test runs it. No text of the evidence is in
// its commands.
#pragma once

#include <cstdint>
#include <string>

#include "vault/bundle/exported.h"

namespace exhibit::tell {

std::string VerifyText(const bundle::BundleHead& head, std::uint64_t items);

}  // namespace exhibit::tell

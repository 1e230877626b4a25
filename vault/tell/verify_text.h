// VERIFY.txt: how to check the bundle that it lies in with stock tools. It is a shell script whose explanations are
// comments, so that it can be read, typed line by line, or run; a test runs it. Nothing of the evidence stands in
// its commands.
#pragma once

#include <string>

#include "vault/bundle/exported.h"

namespace exhibit::tell {

std::string VerifyText(const bundle::BundleHead& head, std::uint64_t items);

}  // namespace exhibit::tell

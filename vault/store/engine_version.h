// Which version of the store's engine the program runs with.
#pragma once

#include <string>

namespace exhibit::store {

// "RocksDB 7.8.3"
std::string EngineVersion();

}  // namespace exhibit::store

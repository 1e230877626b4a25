#include "cli/json_output.h"

#include "cli/terminal.h"

namespace exhibit::cli {

void PrintJson(const Json& json) { Print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"); }

}  // namespace exhibit::cli

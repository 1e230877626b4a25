#include "vault/base/format.h"

namespace exhibit {

std::string FormatText(fmt::string_view form, fmt::format_args values) { return fmt::vformat(form, values); }

}  // namespace exhibit

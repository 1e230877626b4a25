// Text within XML and HTML: the characters that would begin a tag, an entity or end an attribute are written as entities.
#pragma once

#include <string>
#include <string_view>

namespace exhibit {

// `text` as the content of an element, or of an attribute between double quotes. Control characters stay as they are.
std::string EscapedForMarkup(std::string_view text);

}  // namespace exhibit

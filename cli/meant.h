// What somebody meant who typed a word that there is not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exhibit::cli {

// The one of `words` that somebody who typed `typed` probably meant: at most two letters differ, and at most a third.
std::optional<std::string> Meant(std::string_view typed, const std::vector<std::string>& words);

// "; did you mean list?"
std::string DidYouMean(const std::optional<std::string>& word);

}  // namespace exhibit::cli

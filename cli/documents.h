// Documents that the program prints, as they were when it was built: the document is the only copy of its words.
#pragma once

#include <string_view>

namespace exhibit::cli {

// Markdown: paragraphs, headings that begin with #, and words between ** and **.
std::string_view GlossaryText();     // docs/GLOSSARY.md
std::string_view EnvironmentText();  // docs/ENVIRONMENT.md

}  // namespace exhibit::cli

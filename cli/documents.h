// Documents that the program prints, as they were when it was built: the document is the only copy of its words.
#pragma once

#include <string_view>

namespace exhibit::cli {

// Markdown: paragraphs, headings that begin with #, and words between ** and **.
std::string_view GlossaryText();     // docs/GLOSSARY.md
std::string_view EnvironmentText();  // docs/ENVIRONMENT.md

// TOML, as profile.h describes it.
std::string_view LinuxTriageText();  // profiles/linux-triage.toml
std::string_view WebServerText();    // profiles/web-server.toml
std::string_view HospitalEhrText();  // profiles/hospital-ehr.toml

}  // namespace exhibit::cli

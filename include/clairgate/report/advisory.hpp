#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace clairgate::report {

/// Who gave an id, as GitLab names it: "cve", "ghsa", "rhsa"; "advisory" when its form is not
/// known. Nothing of the id itself is in the word.
std::string_view advisory_type(std::string_view id);

/// The page of who gave the id; nothing when its form is not known or has odd characters.
std::optional<std::string> advisory_url(std::string_view id);

} // namespace clairgate::report

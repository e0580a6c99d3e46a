#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// What the user adds to a file of another tool.
struct ImportOptions {
    std::optional<std::string> owner;   ///< of exceptions that name none
    std::optional<std::string> reason;  ///< of exceptions that give none
    std::optional<std::string> expires; ///< "YYYY-MM-DD", of exceptions that never end
    std::optional<std::string> format;  ///< a name of `import_formats`; else it is detected
    std::optional<SystemTime> now;      ///< when set, what has expired is not imported
};

/// A policy file to write.
struct ImportedFile {
    /// Below the policy folder: "global.toml", "cluster/x.toml", "environment/x.toml",
    /// "application/x.toml" or "application/x@env.toml"; "" where the caller says which level.
    std::string path;
    std::string toml;
};

/// An entry that would not mean the same here. Both texts are safe to print.
struct NotImported {
    std::string entry;
    std::string why; ///< goes on after "not imported, because "
};

struct Imported {
    std::string format;
    std::vector<ImportedFile> files; ///< by path; none when nothing was imported
    std::vector<NotImported> left;
    std::size_t entries = 0; ///< `[[allow]]`, `[[rule]]` and keys of `[severity]` in files
};

struct ImportFormat {
    std::string_view name;
    std::string_view help;
};
std::vector<ImportFormat> import_formats();

/// Turns an ignore list or policy of another tool into policy files. `file_name` helps to detect
/// the format; its folder does not matter. Every entry is in one of the files or in `left`; none
/// lifts more than its source does, but that ids match aliases too, as they do everywhere here.
///
/// Kind usage: a bad option; a format that is not known, not recognised or could be several; an
/// exception without owner, reason or expiry where no option says it (the message names the
/// flags). Kind protocol: the bytes are not of that format, with line and column where the library
/// tells. Kind limit: larger than a policy file may be, or nested too deep.
Result<Imported>
import_policy(std::string_view file_name, std::string_view bytes, ImportOptions const& options);

} // namespace clairgate::policy
